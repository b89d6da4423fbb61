import { attemptInside } from './attempt-inside.js';
import type { Control, Parts, Stores } from './control.js';
import { deleteEarly } from './delete-early.js';
import { inboxOff } from './inbox-off.js';
import { lastId } from './last-id.js';
import { lateLeftOut } from './late-left-out.js';
import type { ControlName } from './names.js';
import { publishEarly } from './publish-early.js';
import { sessionLock } from './session-lock.js';

export const controls: Readonly<Record<ControlName, Control>> = {
  'inbox-off': inboxOff,
  'publish-early': publishEarly,
  'last-id': lastId,
  'late-left-out': lateLeftOut,
  'attempt-inside': attemptInside,
  'session-lock': sessionLock,
  'delete-early': deleteEarly,
};

/** The stores of a process: whole, or with one control's mistake in them. */
export function breakStores<Tx>(name: ControlName | undefined, parts: Parts<Tx>): Stores<Tx> {
  const { outbox, inbox } = parts;
  return { outbox, inbox, ...(name !== undefined && controls[name].breakStores(parts)) };
}
