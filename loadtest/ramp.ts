// Twice as many orders every ten seconds, until there are more than the system can take, and further.
import { optionsOf, type Phase, summaryOf } from './phases.ts';
import { rate } from './settings.ts';

export { placeOrder } from './place-order.ts';

const TIMES = [2, 4, 8, 16, 32, 64, 128];

// Of its clients each has a connection to open, which takes the last ones longer than ten seconds: see docs/how-to/bench.md.
const phases: Phase[] = TIMES.map((times) => ({
  ...{ name: `times-${times}`, rate: times * rate, sampled: 0 },
  seconds: times === 128 ? 30 : 10,
}));

export const options = optionsOf(phases, {
  errors: ['count==0'],
  // Else it was not the break.
  refused: ['count>0'],
  accepted: ['count>0'],
});

export const handleSummary = summaryOf(phases);
