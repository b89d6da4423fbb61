import { AlpesError, type ErrorCode } from '../errors.js';
import type { Letter } from './letter.js';
import type { LetterState } from './state.js';

/** Which letters are meant; what is absent restricts nothing. */
export interface Selection {
  /** Of the message, not of its letter. */
  readonly topic?: string | undefined;
  readonly reason?: ErrorCode | undefined;
  /** Time of the death: from `from` on, and before `to`. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Of the messages. */
  readonly ids?: readonly string[] | undefined;
}

/** A selection, page by page. */
export interface SelectionPage extends Selection {
  /** What the page before gave as `next`. */
  readonly after?: string | undefined;
  /** Most letters that a page looks at: {@link DEFAULT_PAGE} unless told, {@link LARGEST_PAGE} at most. */
  readonly limit?: number | undefined;
}

/** A selection for looking, which may name states too. */
export interface ListPage extends SelectionPage {
  readonly states?: readonly LetterState[] | undefined;
}

export const DEFAULT_PAGE = 100;
/** Letters have up to 512 KiB, and a page is held in memory. */
export const LARGEST_PAGE = 200;

/** Whether a letter is meant, its topic aside, which is told by where it lies. */
export function isSelected({ id, reason, diedAt }: Letter, selection: Selection): boolean {
  return (
    (selection.ids === undefined || selection.ids.some((one) => one.toLowerCase() === id)) &&
    (selection.reason === undefined || selection.reason === reason) &&
    (selection.from === undefined || diedAt >= selection.from) &&
    (selection.to === undefined || diedAt < selection.to)
  );
}

/** Throws `invalid-input` that names what is wrong. */
export function assertSelection({ topic, limit = DEFAULT_PAGE }: SelectionPage, topics: readonly string[]): void {
  if (topic !== undefined && !topics.includes(topic)) {
    throw wrong('topic', `must be one of ${topics.join(', ') || 'none: this service subscribes to nothing'}`);
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw wrong('limit', `must be a whole number from 1 to ${LARGEST_PAGE}`);
  }
}

export function wrong(path: string, message: string, cause?: unknown): AlpesError {
  return new AlpesError('invalid-input', `${path} ${message}`, { details: [{ path, message }], cause });
}
