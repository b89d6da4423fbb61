import type { ControlName } from '../controls/names.js';

/** How each control's failure is told. */
export const FOUND: Readonly<Record<ControlName, RegExp>> = {
  'inbox-off': /doubled +(entries|arrivals).* is there 2 times/,
  'publish-early': /doubled +published entries: .* is there (without a cause|2 times)/,
  'last-id': /lost +(published entries: .* is missing|\d+ messages wait in the outbox of (source|sink))/,
  'late-left-out': /disordered +published entries: account-1 \d+ comes behind \d+/,
  'attempt-inside': /doubled +message .* of sink was tried \d+ times and is not dead/,
  'session-lock': /lost +published entries: .* is missing/,
  'delete-early': /lost +published entries: .* is missing/,
};
