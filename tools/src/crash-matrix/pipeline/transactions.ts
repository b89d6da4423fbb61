import { randomUUID } from 'node:crypto';
import type { Subject } from '../processes/subject.js';
import type { Random } from '../../random.js';
import type { Scenario } from '../scenario.js';
import { LATE_TRANSACTION_MS, LONG_TRANSACTION_MS } from '../timing.js';
import type { Asked } from './judge.js';
import type { Site } from './site.js';
import type { Team } from './team.js';

/** Asks the processes of the source stage for transfers that no message asks for. */
export interface Transactions {
  readonly asked: readonly Asked[];
  /** Begins so many, some in each transaction, and waits for none. */
  begin(count: number): void;
  /** Begins one of a single account that stays open for long, while the messages of the others go out. */
  beginLate(): void;
  /** How many wait for an answer of a process that does not stand still. */
  pending(): number;
}

/** Most transfers of one transaction. */
const MOST_TOGETHER = 5;

export function createTransactions(site: Site, team: Team, scenario: Scenario, random: Random): Transactions {
  const asked: Asked[] = [];
  const open = new Map<symbol, Subject>();
  const [heldLate, second = heldLate, ...others] = site.accounts;
  let free = site.accounts;

  /** The answer comes late, or never, from one that stands still. */
  const beginOne = (accounts: readonly string[], subject: Subject, holdMs: number): void => {
    const news = accounts.map((account) => ({ transfer: randomUUID(), account, poison: '' }));
    const mine = news.map(({ transfer }): Asked => {
      return { transfer, poison: undefined, outcome: 'unknown' };
    });
    asked.push(...mine);
    const token = Symbol('transaction');
    open.set(token, subject);
    void subject.transfer(news, holdMs).then((numbers) => {
      open.delete(token);
      numbers?.forEach((number, index) => Object.assign(mine[index] ?? {}, { outcome: 'accepted', number }));
    });
  };

  return {
    asked,
    begin: (count) => {
      const [first, ...others] = team.working('source');
      if (first === undefined) return;
      // The first stays open while the others, and the commands, are done.
      let holdMs = scenario.longTransactions ? random.between(100, LONG_TRANSACTION_MS) : 0;
      for (let left = count; left > 0; left -= MOST_TOGETHER) {
        const accounts = Array.from({ length: Math.min(left, MOST_TOGETHER) }, () => random.pick(free));
        beginOne(accounts, random.pick([first, ...others]), holdMs);
        holdMs = 0;
      }
    },
    beginLate: () => {
      const [first] = team.working('source');
      if (first === undefined) return;
      const { least, most } = LATE_TRANSACTION_MS;
      // Commands wait for it, one after the other. Other transactions would take every connection, also the relay's.
      free = [second, ...others];
      beginOne([heldLate], first, random.between(least, most));
    },
    pending: () => [...open.values()].filter((subject) => !team.standsStill(subject)).length,
  };
}
