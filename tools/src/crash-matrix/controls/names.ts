/** The controls: see `index.ts`. */
export const CONTROL_NAMES = [
  'inbox-off',
  'publish-early',
  'last-id',
  'late-left-out',
  'attempt-inside',
  'session-lock',
  'delete-early',
] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];
