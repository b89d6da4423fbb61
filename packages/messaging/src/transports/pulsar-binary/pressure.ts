import { WINDOW } from '../pulsar/intake.js';

/** Holds up who brings messages while many wait to be received. */
export interface Pressure {
  /** Resolves when there is room. */
  room(): Promise<void>;
  /** Called when one was received. */
  onReceived(): void;
  /** Holds up nobody any more. */
  release(): void;
}

export function createPressure(arrived: readonly unknown[]): Pressure {
  let isOver = false;
  const waiting: (() => void)[] = [];
  const letGo = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  return {
    room: async () => {
      if (isOver || arrived.length < WINDOW) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    onReceived: () => {
      if (arrived.length <= WINDOW / 2) letGo();
    },
    release: () => {
      isOver = true;
      letGo();
    },
  };
}
