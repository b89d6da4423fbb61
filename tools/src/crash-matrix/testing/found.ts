import type { ControlName } from '../controls/names.js';

/** Of the outbox of the source, or of the sink. */
const NEVER_PUBLISHED = String.raw`lost +(published entries|receipts): .* is missing`;

/** How each control's failure is told. */
export const FOUND: Readonly<Record<ControlName, RegExp>> = {
  'inbox-off': /doubled +(entries|arrivals).* is there 2 times/,
  'publish-early': /doubled +published entries: .* is there (without a cause|2 times)/,
  'last-id': new RegExp(String.raw`${NEVER_PUBLISHED}|lost +\d+ messages wait in the outbox of (source|sink)`),
  'late-left-out': /disordered +published entries: account-1 \d+ comes behind \d+/,
  'attempt-inside': /doubled +message .* of sink was tried \d+ times and is not dead/,
  'session-lock': new RegExp(NEVER_PUBLISHED),
  'delete-early': new RegExp(NEVER_PUBLISHED),
};
