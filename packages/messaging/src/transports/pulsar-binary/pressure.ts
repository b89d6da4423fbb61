import { type Arrivals, WINDOW } from '../pulsar/arrivals.js';

/** Holds up who brings messages while many, or large ones, wait to be received. */
export interface Pressure {
  /** Resolves when there is room. */
  room(): Promise<void>;
  /** Called when one was received. */
  onReceived(): void;
  /** Holds up nobody any more. */
  release(): void;
}

export function createPressure(arrived: Arrivals): Pressure {
  let isOver = false;
  const waiting: (() => void)[] = [];
  const letGo = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  return {
    room: async () => {
      if (isOver || (arrived.size() < WINDOW && !arrived.isLarge())) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    onReceived: () => {
      if (arrived.size() <= WINDOW / 2 && !arrived.isLarge()) letGo();
    },
    release: () => {
      isOver = true;
      letGo();
    },
  };
}
