import { createRandom } from '../../random.js';
import type { Scenario } from '../scenario.js';
import { createCommands } from './commands.js';
import type { Asked } from './judge.js';
import type { Site } from './site.js';
import type { Team } from './team.js';
import { createTransactions, type Transactions } from './transactions.js';

/** Who asks for transfers, and remembers for which. */
export interface Feed extends Pick<Transactions, 'beginLate' | 'pending'> {
  /** Asks for some more: by commands, and by transactions of the source stage itself. */
  wave(): Promise<void>;
  asked(): readonly Asked[];
}

export function createFeed(site: Site, team: Team, scenario: Scenario): Feed {
  const { point, action, seed, waveSize } = scenario;
  const random = createRandom('feed', point, action, seed);
  const commands = createCommands(site, scenario, random);
  const transactions = createTransactions(site, team, scenario, random);
  return {
    beginLate: transactions.beginLate,
    pending: transactions.pending,
    asked: () => [...commands.asked, ...transactions.asked],
    wave: async () => {
      const byCommand = random.between(Math.ceil(waveSize / 3), waveSize - 1);
      transactions.begin(waveSize - byCommand);
      await commands.publish(byCommand);
    },
  };
}
