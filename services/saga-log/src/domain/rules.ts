import { AlpesError, type ErrorDetail } from '@alpes/messaging';
import type { Step } from './step.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The largest number in a column of versions. */
const MAX_VERSION = 2 ** 31 - 1;

/** The step itself; throws `rule-broken` with everything for which it can't be in a timeline. */
export function assertStep(step: Step): Step {
  const { orderId, state, orderVersion } = step;
  const texts = Object.entries(step).filter(([, value]) => typeof value === 'string' && value.includes('\u0000'));
  const problems = [
    ...problem(UUID.test(orderId), 'orderId', 'must be a UUID in lower case'),
    ...problem(state.trim() !== '', 'state', 'must not be empty'),
    ...problem(orderVersion === null || isVersion(orderVersion), 'version', `must be from 1 to ${MAX_VERSION}`),
    // PostgreSQL can't store this character.
    ...texts.flatMap(([path]) => problem(false, path, 'must not contain U+0000')),
  ];
  if (problems.length === 0) return step;
  const summary = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AlpesError('rule-broken', `the message is no step of an order: ${summary}`, { details: problems });
}

function isVersion(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_VERSION;
}

function problem(fine: boolean, path: string, message: string): ErrorDetail[] {
  return fine ? [] : [{ path, message }];
}
