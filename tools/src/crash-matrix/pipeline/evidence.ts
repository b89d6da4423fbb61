import { decodeBody, deadLetterTopic, type ReceivedMessage, type Transport } from '@alpes/messaging';
import { existsSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { EntrySchema, ReceiptSchema } from '../contracts.js';
import type { Numbered } from '../findings.js';
import type { Stage } from '../scenario.js';
import type { TryNote } from '../subject/protocol.js';
import { addUp, type Tries } from './tries.js';

/** An entry or a receipt as it is on its topic. */
export interface Published extends Numbered {
  /** The message's. */
  readonly id: string;
  readonly transfer: string;
}

/** A dead letter. */
export interface Letter {
  readonly stage: Stage;
  /** The message's. */
  readonly id: string;
  readonly attempts: number;
  /** When that was: a letter that was published again tells of the same death. */
  readonly diedAt: string;
}

/** Everything that came of a run, in its order. */
export interface Evidence {
  readonly entries: readonly (Numbered & { readonly transfer: string })[];
  readonly publishedEntries: readonly Published[];
  /** `entry` is the message's id. */
  readonly arrivals: readonly (Numbered & { readonly entry: string })[];
  readonly receipts: readonly Published[];
  readonly letters: readonly Letter[];
  /** By the message's id. */
  readonly tries: ReadonlyMap<string, Tries>;
  /** What still waits in the outbox of each stage. */
  readonly waiting: Readonly<Record<Stage, number>>;
}

export interface Sources {
  readonly source: Client;
  readonly sink: Client;
  readonly transport: Transport;
  readonly triesFile: string;
}

/** More than a run ever has. */
const limit = 1_000_000;

export async function collect({ source, sink, transport, triesFile }: Sources): Promise<Evidence> {
  const rowsOf = async <Row extends object>(client: Client, sql: string) => (await client.query<Row>(sql)).rows;
  const waiting = async (client: Client): Promise<number> =>
    (await rowsOf<{ waiting: number }>(client, WAITING))[0]?.waiting ?? 0;
  const published = async (topic: string, schema: typeof EntrySchema | typeof ReceiptSchema) =>
    (await transport.browse(topic, { limit })).map((message) => toPublished(message, schema));
  return {
    entries: await rowsOf(source, 'SELECT account, number, transfer::text FROM entries ORDER BY n'),
    publishedEntries: await published('entries', EntrySchema),
    arrivals: await rowsOf(sink, 'SELECT account, number, entry::text FROM arrivals ORDER BY n'),
    receipts: await published('receipts', ReceiptSchema),
    letters: [...(await letters(transport, 'source')), ...(await letters(transport, 'sink'))],
    tries: addUp(readNotes(triesFile)),
    waiting: { source: await waiting(source), sink: await waiting(sink) },
  };
}

const WAITING = 'SELECT count(*)::int AS waiting FROM messaging.outbox';

function toPublished(message: ReceivedMessage, schema: typeof EntrySchema | typeof ReceiptSchema): Published {
  const { account, number, transfer } = decodeBody(schema, message.payload);
  return { id: message.properties['ce_id'] ?? '', account, number, transfer };
}

/** The topic that a stage consumes. */
export const inputOf = (stage: Stage): string => (stage === 'source' ? 'transfers' : 'entries');

async function letters(transport: Transport, stage: Stage): Promise<Letter[]> {
  const found = await transport.browse(deadLetterTopic(inputOf(stage), stage), { limit });
  return found.map(({ properties }) => ({
    ...{ stage, id: properties['dlq_message_id'] ?? '' },
    ...{ attempts: Number(properties['dlq_attempts']), diedAt: properties['dlq_died_at'] ?? '' },
  }));
}

function readNotes(file: string): TryNote[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TryNote);
}
