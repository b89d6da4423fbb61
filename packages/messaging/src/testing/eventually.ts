import { setTimeout as delay } from 'node:timers/promises';

/** How long to go on asking, in ms, and what is awaited, for the message of the failure. */
export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly what?: string | (() => string);
}

/** What a condition gives once it is fulfilled. */
export type Truthy<T> = Exclude<T, undefined | null | false | 0 | ''>;

/**
 * Asks again and again until the condition gives something truthy, and returns that. A condition that throws, as an
 * assertion does, is not fulfilled yet.
 *
 * @throws Error after `timeoutMs` (5 s by default) with what the condition gave or threw last
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 10, what = condition.toString() }: EventuallyOptions = {},
): Promise<Truthy<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const last = await tryOnce(condition);
    if ('value' in last && last.value) return last.value as Truthy<T>;
    if (performance.now() >= deadline)
      throw new Error(explain(what, timeoutMs, last), 'thrown' in last ? { cause: last.thrown } : undefined);
    await delay(intervalMs);
  }
}

type Outcome<T> = { readonly value: T } | { readonly thrown: unknown };

async function tryOnce<T>(condition: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await condition() };
  } catch (thrown) {
    return { thrown };
  }
}

function explain(what: string | (() => string), timeoutMs: number, last: Outcome<unknown>): string {
  const ending = 'thrown' in last ? `it threw ${String(last.thrown)}` : `it gave ${String(last.value)}`;
  return `not fulfilled within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}\nin the end ${ending}`;
}
