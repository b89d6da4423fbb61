import { CrearOrdenSchema } from '@alpes/contracts';
import { deadLetterTopic, type Transport } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../postgres/ports.js';
import { queryOnce } from '../postgres/with-client.js';
import { connectBrokerOf, takeBrokerAway } from './broker.js';
import { CANARIES, secretsIn } from './canaries.js';
import { takeAway } from './database-outage.js';
import { acceptedId, isFinal, postOrder } from './orders.js';
import { databaseUrlOf, startSystem, startTool, type System } from '../start/whole-system.js';

const { address, sku, name, key, query } = CANARIES;
const ORDER = {
  ...{ clientId: Number(CANARIES.clientId), address, currency: 'EUR' },
  lines: [{ sku, name, quantity: 1, unitPrice: 100 }],
};
/** What the databases of these tests refuse: one by a rule of the table, one for a value that is no number. */
const REFUSED = { rule: `${address}, unwanted`, value: `${address}, no number` };

let system: System;
let broker: Transport;
beforeAll(async () => {
  const impatient = { MAX_ATTEMPTS: '2', RETRY_FIRST_MS: '20', OUTAGE_MAX_MS: '300' };
  system = await startSystem({ env: { LOG_LEVEL: 'trace', BROKER_TOKEN: CANARIES.token, ...impatient } });
  broker = connectBrokerOf(system);
}, 180_000);
afterAll(async () => {
  await broker.close();
  await system.dispose();
}, 60_000);

const withKey = { 'idempotency-key': key };

/** What is sent, with the status of its answer. */
const REQUESTS: readonly [number, object | string, Record<string, string>][] = [
  [400, { ...ORDER, clientId: CANARIES.clientId, address: [address] }, withKey],
  [400, { ...ORDER, currency: name, note: address }, withKey],
  [400, `{"address": "${address}", ${name}`, withKey],
  [400, ORDER, { 'idempotency-key': `${key}${'x'.repeat(255)}` }],
  [413, { ...ORDER, address: address.repeat(20_000) }, withKey],
  [415, ORDER, { 'content-type': 'text/plain', ...withKey }],
];

async function post(body: object | string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${system.url}/orders`, {
    ...{ method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } },
  });
  return { status: answer.status, text: await answer.text() };
}

/** Makes a table refuse some rows, as its owner may. */
async function refuse(owner: string, table: string, column: string): Promise<void> {
  await queryOnce(
    databaseUrlOf(system, owner),
    `ALTER TABLE ${table} ADD CONSTRAINT wanted CHECK (${column} NOT LIKE '%unwanted') NOT VALID;
    CREATE FUNCTION want() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN IF NEW.${column} LIKE '%no number' THEN PERFORM NEW.${column}::int; END IF; RETURN NEW; END$$;
    CREATE TRIGGER want BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION want();`,
  );
}

/** Waits for a line, which shows that what is looked for could have been logged. */
async function untilLogged(text: RegExp): Promise<void> {
  await eventually(() => text.test(system.output()), { timeoutMs: 30_000, what: `the log has ${text}` });
}

/** Every secret of the system beside: the databases' passwords, as it made them. */
function passwords(): Record<string, string> {
  const folder = system.dataDir;
  const roles = JSON.parse(readFileSync(join(folder, 'database-passwords.json'), 'utf8')) as Record<string, string>;
  return { ...roles, postgres: readFileSync(join(folder, 'postgres', 'superuser-password'), 'utf8') };
}

/** All that processes tell of themselves to who may not see the data. */
async function told(): Promise<string> {
  const pages = system
    .state()
    .processes.flatMap(({ port }) =>
      ['metrics', 'health/ready'].map(async (page) => (await fetch(`http://127.0.0.1:${port}/${page}`)).text()),
    );
  return [
    ...(await Promise.all(pages)),
    system.output(),
    readFileSync(join(system.dataDir, 'postgres', 'server.log')),
  ].join('\n');
}

/** The bodies of the letters of a subscription, and what they say of it. */
async function lettersOf(topic: string, subscription: string): Promise<string> {
  const letters = await broker.browse(deadLetterTopic(topic, subscription), { limit: 100 });
  return letters
    .map(({ payload, properties }) => `${Buffer.from(payload).toString()} ${properties['dlq_reason']}`)
    .join('\n');
}

describe('personal data and secrets', () => {
  it('are not in the answers to requests that are wrong', async () => {
    const id = await acceptedId(await postOrder(system.url, ORDER, withKey));
    await eventually(() => isFinal(system.url, id), { timeoutMs: 20_000 });
    for (const [status, body, headers] of REQUESTS) {
      const answer = await post(body, headers);
      expect([answer.status, secretsIn(answer.text, CANARIES)]).toEqual([status, []]);
    }
    expect((await fetch(`${system.url}/report?id=${id}&format=${query}`)).status).toBe(400);
    expect((await fetch(`${system.url}/orders/${id}?${query}`)).status).toBe(200);
  }, 60_000);

  it('are not logged where a message is dead, for what it is or for what a database says of it', async () => {
    const bad = create(CrearOrdenSchema, { orderId: 'none', address, clientId: BigInt(CANARIES.clientId) });
    const message = (payload: Uint8Array, ce_type: object = {}) => ({
      ...{
        topic: 'crear-orden',
        key: randomUUID(),
        payload,
        properties: { ...ce_type, ce_id: randomUUID(), note: query },
      },
    });
    await broker.publish([
      message(Buffer.from(`\xff${address}`)),
      message(toBinary(CrearOrdenSchema, bad)),
      message(toBinary(CrearOrdenSchema, bad), { ce_type: 'alpes.order.v1.NoSuchMessage' }),
    ]);
    await refuse('order', 'orders', 'address');
    await refuse('reporting', 'order_reports', 'address');
    for (const refused of Object.values(REFUSED)) await postOrder(system.url, { ...ORDER, address: refused });
    const isDead = async (subscription: string): Promise<boolean> =>
      secretsIn(await lettersOf('crear-orden', subscription), { ...REFUSED }).length === 2;
    await eventually(() => isDead('order'), { timeoutMs: 30_000, what: 'orders that the database refuses are dead' });
    for (const reason of ['undecodable', 'rule-broken', 'unknown-type'])
      expect(await lettersOf('crear-orden', 'order')).toContain(reason);
    await untilLogged(/"service":"order".*violates check constraint/);
    await untilLogged(/"service":"order".*the database refuses a value \(SQLSTATE 22P02\)/);
    await untilLogged(/message is dead/);
  }, 90_000);

  it('are not logged where a request fails', async () => {
    await refuse('bff', 'idempotency_keys', 'key');
    for (const end of [', unwanted', ', no number']) {
      const answer = await post(ORDER, { 'idempotency-key': key + end });
      expect([answer.status, secretsIn(answer.text, CANARIES)]).toEqual([500, []]);
    }
    await untilLogged(/"service":"bff".*the database refuses a value.*request failed/);
  }, 60_000);

  it('are not logged while a database or the broker is away, nor answered', async () => {
    const OUTAGES = [
      {
        parts: ['bff', 'order'].map((owner) => () => takeAway(databaseUrlOf(system, owner))),
        line: /"service":"order".*, trying until/,
      },
      { parts: [() => takeBrokerAway(system)], line: /the broker: not available, trying until it is/ },
    ];
    for (const { parts, line } of OUTAGES) {
      const outages = await Promise.all(parts.map((away) => away()));
      try {
        const answer = await post(ORDER, withKey);
        expect([answer.status, secretsIn(answer.text, { ...CANARIES, ...passwords() })]).toEqual([503, []]);
        expect((await fetch(`${system.url}/health/ready`)).status).toBe(503);
        await untilLogged(line);
      } finally {
        await Promise.all(outages.map(({ restore }) => restore()));
      }
      await eventually(async () => (await post(ORDER, withKey)).status === 202, { timeoutMs: 30_000 });
    }
  }, 90_000);

  it('are in no line that any process has logged, nor in its metrics', async () => {
    const everything = await told();
    expect(everything).toContain('http_server_request_duration_seconds');
    expect(secretsIn(everything, { ...CANARIES, ...passwords() })).toEqual([]);
  }, 30_000);
});

describe('a secret in a setting', () => {
  const { password, token } = CANARIES;

  it.each<[string, Record<string, string>]>([
    [
      'is wrong',
      {
        DATABASE_URL_ORDER: `mysql://u:${password}/1@h/x`,
        DATABASE_URL_BFF: password,
        BROKER_URL: `embedded:${password}`,
      },
    ],
    [
      'stands in the place of another',
      { DATABASE_URL_ORDER: token, BROKER_URL: `ftp://u:${password}@h`, ORDER_URL: token },
    ],
    [
      'leads nowhere',
      { DATABASE_URL_ORDER: `postgresql://u:${password}@127.0.0.1:1/x`, BROKER_URL: `ws://u:${password}@127.0.0.1:1` },
    ],
  ])(
    'is not printed by npm start where it %s',
    async (_, settings) => {
      const DATA_DIR = mkdtempSync(join(tmpdir(), 'alpes-privacy-'));
      chmodSync(DATA_DIR, 0o755);
      try {
        const env = {
          ...process.env,
          NODE_OPTIONS: '',
          PORT: String(await freePort()),
          DATA_DIR,
          BROKER_TOKEN: token,
          ...settings,
        };
        const { code, output } = await startTool('start.mjs', [], env).ended;
        expect([code, secretsIn(output, CANARIES)]).toEqual([1, []]);
        expect(output).toMatch(/order|ORDER/);
      } finally {
        rmSync(DATA_DIR, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
