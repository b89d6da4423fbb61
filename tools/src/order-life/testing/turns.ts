/** It works; fails without effect; or has its effect, but nobody hears of it. */
export type How = 'works' | 'fails' | 'is lost';

/** A process that can die at any moment. */
export interface Mortal {
  readonly name: string;
  isDead: boolean;
}

/** What goes on: a request that reaches the gateway, an answer that comes back, a transaction that records it. */
export type Step = 'request' | 'answer' | 'record';

/** Somebody who waits until the schedule lets it go on. */
export interface Turn {
  readonly who: Mortal;
  readonly step: Step;
  readonly orderId: string;
  readonly go: (how: How) => void;
}

export interface Turns {
  /** Waits for a turn. One of the dead never comes, but for that of a request that has left them. */
  wait(who: Mortal, step: Step, orderId: string): Promise<How>;
  /** Those who wait, the longest first. */
  all(): readonly Turn[];
  go(turn: Turn, how: How): void;
  /** The death of a process. */
  kill(who: Mortal): void;
}

export function createTurns(): Turns {
  let waiting: readonly Turn[] = [];
  return {
    all: () => waiting,
    wait: (who, step, orderId) =>
      new Promise((go) => {
        if (!who.isDead) waiting = [...waiting, { who, step, orderId, go }];
      }),
    go: (turn, how) => {
      waiting = waiting.filter((other) => other !== turn);
      turn.go(how);
    },
    kill: (who) => {
      who.isDead = true;
      waiting = waiting.filter((turn) => turn.who !== who || turn.step === 'request');
    },
  };
}
