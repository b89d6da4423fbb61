import { AlpesError } from '@alpes/messaging';
import { setTimeout as delay } from 'node:timers/promises';
import { readState } from '../start/state-file.js';
import type { Where } from './arguments.js';

/** A service whose dead letters can be asked for, at one of several addresses. */
export interface Service {
  readonly name: string;
  readonly urls: readonly string[];
}

/** Those that are asked; throws `configuration` if nobody knows where they are. */
export function findServices({ url, dataDir, subscriptions }: Where): Service[] {
  if (url !== undefined) return [{ name: url, urls: [url.replace(/\/+$/, '')] }];
  const processes = readState(dataDir)?.processes;
  if (processes === undefined) {
    const text = `no system is known in ${dataDir}: start it (npm start), name its folder (--data-dir DIR), or say where the service is (--url URL)`;
    throw new AlpesError('configuration', text);
  }
  return subscriptions.map((name) => ({
    name,
    urls: processes.filter((one) => isReplica(one.name, name)).map(({ port }) => `http://127.0.0.1:${port}`),
  }));
}

const isReplica = (process: string, service: string): boolean =>
  process === service || (process.startsWith(`${service}-`) && /^\d+$/.test(process.slice(service.length + 1)));

/** Longest wait for an answer, in ms: a batch may wait for those who have one of its messages in hand. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How often a service is asked that says that its broker or its database is away, or busy. */
const TRIES = 5;

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Asks a service, each of its replicas until one is there. Throws `not-found`, `invalid-input` with what it says of the
 * question, and `unavailable` if nobody answers.
 */
export async function ask<T>(service: Service, question: Question): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const response = await send(service, question);
    if (response.status !== 503 || tries === TRIES) return read<T>(service, response);
    await response.body?.cancel();
    await delay(Number(response.headers.get('retry-after') ?? 1) * 1_000);
  }
}

async function send({ name, urls }: Service, { method, path, body }: Question): Promise<Response> {
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const failures: string[] = [];
  for (const url of urls) {
    try {
      return await fetch(`${url}${path}`, { method, ...json, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    } catch (error) {
      failures.push(`${url}: ${reasonOf(error)}`);
    }
  }
  const why = failures.join('; ') || 'the system runs no such process';
  throw new AlpesError('unavailable', `Can't reach ${name} (${why}). Does it run? (npm start)`);
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? (cause?.message || message || String(error));
}

async function read<T>({ name }: Service, response: Response): Promise<T> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as T;
  const { code, detail } = (answer ?? {}) as { code?: string; detail?: string };
  if (code === undefined || detail === undefined) {
    throw new AlpesError(
      'unavailable',
      `${name} answered ${response.status}, and not as a service of this system does`,
    );
  }
  if (code === 'not-found' || code === 'invalid-input') throw new AlpesError(code, detail);
  throw new AlpesError('unavailable', `${name} answered ${response.status}: ${detail}`);
}
