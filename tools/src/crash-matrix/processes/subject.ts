import { fileURLToPath } from 'node:url';
import type { NewTransfer, Orders, Report } from '../subject/protocol.js';
import { type Child, startChild } from './child.js';

/** A process of the pipeline. */
export interface Subject extends Child {
  /** Resolves once it is the stage that the orders name, or has ended. */
  start(orders: Orders): Promise<void>;
  /** The numbers of the transfers once they are durable; undefined if nobody can know whether they are. */
  transfer(transfers: readonly NewTransfer[], holdMs: number): Promise<readonly number[] | undefined>;
  /** Resolves once it answers, or has ended. */
  answer(): Promise<void>;
  /** Resolves once it has finished what was in hand and is idle, or has ended. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../subject/main.js', import.meta.url));

/** Starts one; it is idle when it resolves. */
export async function startSubject(): Promise<Subject> {
  const child = startChild(PROGRAM);
  const waiting = new Map<Report['type'], () => void>();
  const transfers = new Map<number, (numbers: readonly number[] | undefined) => void>();
  let lastId = 0;
  const until = (type: Report['type']): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => waiting.set(type, resolve)), child.ended.then(() => {})]);
  const settle = (id: number, numbers: readonly number[] | undefined): void => {
    transfers.get(id)?.(numbers);
    transfers.delete(id);
  };
  child.onReport((said) => {
    const report = said as Report;
    if (report.type === 'accepted') settle(report.id, report.numbers);
    else if (report.type === 'refused') settle(report.id, undefined);
    else waiting.get(report.type)?.();
  });
  void child.ended.then(() => {
    for (const id of [...transfers.keys()]) settle(id, undefined);
  });
  const ask = async (command: object, answer: Report['type']): Promise<void> => {
    const answered = until(answer);
    child.send(command);
    await answered;
  };
  await until('idle');
  return {
    ...child,
    start: (orders) => {
      child.renew();
      return ask({ type: 'start', orders }, 'started');
    },
    answer: () => ask({ type: 'ping' }, 'alive'),
    stop: () => ask({ type: 'stop' }, 'idle'),
    transfer: (batch, holdMs) =>
      new Promise((resolve) => {
        const id = (lastId += 1);
        transfers.set(id, resolve);
        if (child.hasEnded()) settle(id, undefined);
        child.send({ type: 'transfers', id, transfers: batch, holdMs });
      }),
  };
}

/** Processes that are started before they are needed, and used again if nothing happened to them. */
export interface Pool {
  take(): Promise<Subject>;
  /** Takes one back that was stopped. */
  giveBack(subject: Subject): void;
}

/** `spares` processes are kept idle. */
export function createPool(spares: number): Pool {
  const idle: Promise<Subject>[] = [];
  const fill = (): void => {
    while (idle.length < spares) idle.push(startSubject());
  };
  fill();
  return {
    take: async () => {
      const next = idle.shift() ?? startSubject();
      fill();
      return next;
    },
    giveBack: (subject) => {
      if (idle.length < 3 * spares) idle.unshift(Promise.resolve(subject));
      else subject.kill('SIGKILL');
    },
  };
}
