import { tell } from '../command-line.js';
import { type Interrupts, onInterrupt, unlessInterrupted } from '../interrupt.js';

let interrupts: Interrupts | undefined;

/** Opens something, works with it and closes it. After Ctrl-C it is closed too: rejects with Interrupted. */
export async function using<Opened extends { close(): Promise<void> }, Result>(
  open: () => Promise<Opened>,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  interrupts ??= onInterrupt(tell);
  const opened = await open();
  try {
    return await unlessInterrupted(work(opened), interrupts.stop);
  } finally {
    await opened.close();
  }
}
