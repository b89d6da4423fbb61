import { eventually } from '@alpes/messaging/testing';
import type { OpenApi } from '@alpes/service-kit';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomInt, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFaulty } from './attack/faulty.js';
import { fakerDocument, lettersDocument, queryDocument } from './attack/internal-documents.js';
import { attack, type Attack, whyNoAttack } from './attack/run.js';
import { connectBrokerOf } from './broker.js';
import { acceptedId, isFinal, postOrder } from './orders.js';
import { runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

// Thousands of requests, and the first time what makes them is fetched.
jest.setTimeout(300_000);

const seed = Number(process.env['ATTACK_SEED'] ?? randomInt(2 ** 31));
const examples = Number(process.env['ATTACK_EXAMPLES'] ?? 25);

/** What services tell each other of an order. */
const QUERIES = [
  ['order', '/orders/{id}'],
  ['reporting', '/reports/{id}'],
  ['saga-log', '/orders/{id}/saga'],
] as const;

/** Nothing is found, and nothing that was answered is an error of ours, whatever the document allows. */
function expectHeld(result: Attack): void {
  expectCode(0, result);
  expect(result.exchanges.filter(({ status }) => status >= 500).map(({ line }) => line)).toEqual([]);
}

const countOf = ({ exchanges }: Attack, line: RegExp): number =>
  exchanges.filter((exchange) => line.test(exchange.line)).length;

/** The ids of the orders that were accepted: the BFF tells one at a time, the faker several. */
function acceptedBy({ exchanges }: Attack): string[] {
  return exchanges
    .filter(({ line }) => line === 'POST /orders 202')
    .flatMap(({ body }) => [...body.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id));
}

const reason = await whyNoAttack();
if (reason !== undefined) tell(`Not run: the attack with schemathesis, for ${reason}`);

// Continuous integration must not pass for want of a Python.
(reason === undefined || process.env['CI'] === 'true' ? describe : describe.skip)('an attack with schemathesis', () => {
  let system: System;
  const accepted: string[] = [];
  beforeAll(async () => {
    system = await startSystem();
    tell(`attacked with ATTACK_SEED=${seed} ATTACK_EXAMPLES=${examples}`);
  }, 180_000);
  afterAll(() => system.dispose(), 60_000);

  /** On what only we have a document of: there is less to be wrong. */
  function attackInside(name: string, url: string, document: OpenApi): Promise<Attack> {
    const file = join(system.dataDir, `${name}.json`);
    writeFileSync(file, JSON.stringify(document));
    return attack({ document: file, url, seed, examples: Math.ceil(examples / 5) });
  }

  const urlOf = (name: string): string =>
    `http://127.0.0.1:${system.state().processes.find((one) => one.name === name)?.port}`;

  it('finds what is wrong where something is', async () => {
    const faulty = await startFaulty();
    try {
      const { code, output } = await attackInside('faulty', faulty.url, faulty.document);
      expect(code).toBe(1);
      // A server error, an answer unlike the document, wrong input that is accepted, a method that is not refused.
      for (const fault of ['ST101', 'ST108', 'ST201', 'ST204']) expect(output).toContain(fault);
    } finally {
      await faulty.stop();
    }
  });

  it('finds nothing wrong with what the public can ask', async () => {
    const result = await attack({ document: `${system.url}/openapi.json`, url: system.url, seed, examples });
    tell(/\d+ generated.*/.exec(result.output)?.[0] ?? '');
    expectHeld(result);
    // It has got in, and at everything.
    for (const answer of [/^POST \/orders 202$/, /^GET \/orders\/[^/]+ 200$/, /\/saga 200$/, /^GET \/report 200$/]) {
      expect(countOf(result, answer)).toBeGreaterThan(0);
    }
    expect(countOf(result, / 4\d\d$/)).toBeGreaterThan(examples);
    accepted.push(...acceptedBy(result));
  });

  it('finds nothing wrong with the faker', async () => {
    const result = await attackInside('client-faker', system.fakerUrl, fakerDocument());
    expectHeld(result);
    expect(countOf(result, /^POST \/orders 202$/)).toBeGreaterThan(0);
    accepted.push(...acceptedBy(result));
  });

  it('leaves a system in which nothing is wrong, with every order that was accepted', async () => {
    const ledger = join(system.dataDir, 'attack.ledger');
    writeFileSync(ledger, accepted.map((id) => `${id}\n`).join(''));
    tell(`${accepted.length} orders were accepted`);
    expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '90']));
  });

  // Side by side: what attacks takes longer to begin than to attack.
  it('finds nothing wrong with what services are asked inside', async () => {
    const id = await acceptedId(await postOrder(system.url));
    await eventually(() => isFinal(system.url, id), { timeoutMs: 30_000 });
    const asking = QUERIES.map(async ([name, path]) => {
      const answered = async () => (await fetch(urlOf(name) + path.replace('{id}', id))).ok;
      await eventually(answered, { timeoutMs: 30_000 });
      const result = await attackInside(name, urlOf(name), queryDocument(path, id));
      expectHeld(result);
      expect(countOf(result, new RegExp(`^GET ${path.replace('{id}', id)} 200$`))).toBeGreaterThan(0);
    });
    await Promise.all(asking);
  });

  it('finds nothing wrong with what operators do with dead letters', async () => {
    const id = await sendPoison(system, urlOf('order'));
    const result = await attackInside('dead-letters', urlOf('order'), lettersDocument(id));
    expectHeld(result);
    for (const answer of [/^GET \/dead-letters 200$/, new RegExp(`^GET /dead-letters/${id} 200$`)]) {
      expect(countOf(result, answer)).toBeGreaterThan(0);
    }
    expect(countOf(result, /^POST \/dead-letters\/(redrive|drop) 200$/)).toBeGreaterThan(0);
  });
});

/** Publishes what nobody can read, and waits until order has a dead letter of it. Returns its id. */
async function sendPoison(system: System, url: string): Promise<string> {
  const id = randomUUID();
  const broker = connectBrokerOf(system);
  try {
    await broker.publish([
      { topic: 'transaccion-creada', key: id, payload: Uint8Array.of(0xff), properties: { ce_id: id } },
    ]);
  } finally {
    await broker.close();
  }
  await eventually(async () => (await fetch(`${url}/dead-letters/${id}`)).ok, { timeoutMs: 30_000 });
  return id;
}
