import type { Contract } from '../catalogue.js';
import { AlpesError } from '../errors.js';
import type { Inspector } from '../inspector.js';
import { MAX_MESSAGE_BYTES } from '../size-limit.js';
import type { ReceivedMessage } from '../subscriber.js';
import { deadLetterTopic } from '../topic-names.js';
import { type Letter, readLetter } from './letter.js';
import { assertSelection, DEFAULT_PAGE, isSelected, type SelectionPage, wrong } from './selection.js';

/** What is read together, and worked on in one transaction, has at most so many bytes of bodies, or is one letter. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export interface Source {
  readonly service: string;
  readonly transport: Pick<Inspector, 'browse'>;
  /** Those that the service subscribes to. */
  readonly contracts: readonly Contract[];
}

/** Letters in the order of their deaths, topic by topic. A page may be empty though there are more. */
export interface LetterPage {
  readonly letters: readonly Letter[];
  /** Where to go on; absent at the end. */
  readonly next?: string;
}

/** How far a walk through the letters is, and when it began, in ms: what dies later is not part of it. */
interface Cursor {
  readonly topic: string;
  readonly position?: string;
  readonly began: number;
}

/**
 * The selected ones of the next letters, of a walk that ends where the topics end, or `where-it-began`: a redrive whose
 * cause is not mended would find what it sent again, dead, at the end of the topic, for ever.
 */
export async function readPage(
  source: Source,
  page: SelectionPage,
  end: 'where-it-began' | 'at-the-end',
): Promise<LetterPage> {
  const topics = source.contracts.map(({ topic }) => topic);
  assertSelection(page, topics);
  const cursor = page.after === undefined ? undefined : parseCursor(page.after, topics);
  const began = cursor?.began ?? Date.now();
  const rest = source.contracts.slice(cursor === undefined ? 0 : topics.indexOf(cursor.topic));
  for (const contract of rest.filter(({ topic }) => page.topic === undefined || page.topic === topic)) {
    const position = contract.topic === cursor?.topic ? cursor.position : undefined;
    const found = await browse(source, contract, position, page.limit ?? DEFAULT_PAGE);
    const read = cut(found.map((one) => readPlace(source, contract, one)));
    const last = read.at(-1);
    if (last === undefined) continue;
    const letters = read
      .flatMap(({ letter }) => letter ?? [])
      .filter((letter) => isSelected(letter, page) && (end === 'at-the-end' || letter.diedAt.getTime() <= began));
    const next = formatCursor({ topic: contract.topic, position: last.position, began });
    return { letters: distinct(letters), next };
  }
  return { letters: [] };
}

/** A place in a dead-letter topic, and the letter that is there. */
interface Place {
  readonly position: string;
  readonly letter: Letter | undefined;
}

function readPlace({ service }: Source, { topic, type }: Contract, received: ReceivedMessage): Place {
  return { position: received.position, letter: readLetter(received, { topic, type, subscription: service }) };
}

async function browse(
  { transport, service }: Source,
  { topic }: Contract,
  position: string | undefined,
  limit: number,
): Promise<readonly ReceivedMessage[]> {
  try {
    const options = { limit, bytes: MAX_PAGE_BYTES, ...(position !== undefined && { after: position }) };
    return await transport.browse(deadLetterTopic(topic, service), options);
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    // Positions are the transport's: what it can't read as one was not given by a page.
    if (position === undefined || error.nature === 'transient') throw error;
    throw notACursor(error);
  }
}

function cut(places: readonly Place[]): readonly Place[] {
  let bytes = 0;
  const end = places.findIndex(({ letter }, index) => {
    bytes += Math.min(letter?.bytes ?? 0, MAX_MESSAGE_BYTES);
    return bytes > MAX_PAGE_BYTES && index > 0;
  });
  return end === -1 ? places : places.slice(0, end);
}

/** A relay that was interrupted has published some letters twice. */
function distinct(letters: readonly Letter[]): Letter[] {
  return [...new Map(letters.map((letter) => [`${letter.id} ${letter.redrive}`, letter])).values()];
}

function formatCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function parseCursor(text: string, topics: readonly string[]): Cursor {
  try {
    const { topic, position, began } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Cursor>;
    if (topic !== undefined && topics.includes(topic) && typeof began === 'number') {
      return { topic, began, ...(typeof position === 'string' && { position }) };
    }
  } catch {
    // Told below, as of what is JSON but no cursor.
  }
  throw notACursor();
}

const notACursor = (cause?: unknown): AlpesError => wrong('after', 'must be the "next" of the page before', cause);
