import { AlpesError } from './errors.js';
import { foreignText, isError } from './foreign-text.js';

/** What a log may hold of an error. */
export interface ErrorDescription {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: string;
}

const MOST_CAUSES = 8;

/**
 * An error and its causes without what they quote of data: to be what a logger makes of `err`. Of errors that are not
 * {@link AlpesError}s it tells what {@link foreignText} lets pass and where they come from, and none of their fields.
 */
export function describeError(thrown: unknown): ErrorDescription {
  const chain = chainOf(thrown);
  const texts = chain.map(textOf);
  return {
    type: typeOf(thrown),
    ...(thrown instanceof AlpesError && { code: thrown.code }),
    message: texts.filter((text, index) => text !== texts[index - 1]).join(': '),
    stack: chain.map((one, index) => `${typeOf(one)}: ${texts[index]}${framesOf(one)}`).join('\ncaused by: '),
  };
}

function chainOf(thrown: unknown): unknown[] {
  const chain = [thrown];
  for (let one = thrown; isError(one) && one.cause !== undefined && chain.length < MOST_CAUSES;) {
    one = one.cause;
    chain.push(one);
  }
  return chain;
}

const textOf = (thrown: unknown): string => (thrown instanceof AlpesError ? thrown.message : foreignText(thrown));

const typeOf = (thrown: unknown): string => (isError(thrown) ? thrown.constructor.name : typeof thrown);

const FRAME = /^ {4}at \S.*$/;

/** The lines below the text, each after a line end. A text may look like frames, so it is cut off first. */
function framesOf(thrown: unknown): string {
  if (!isError(thrown)) return '';
  const { stack = '', message } = thrown;
  const textAt = stack.indexOf(message);
  const below = textAt < 0 ? '' : stack.slice(textAt + message.length);
  return ['', ...below.split('\n').filter((line) => FRAME.test(line))].join('\n');
}
