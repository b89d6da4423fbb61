// Twice as many orders every ten seconds, until there are more than the system can take, and further.
import { optionsOf, type Phase, summaryOf } from './phases.ts';
import { rate } from './settings.ts';

export { placeOrder } from './place-order.ts';

const TIMES = [2, 4, 8, 16, 32, 64, 128];

const phases: Phase[] = TIMES.map((times) => ({ name: `times-${times}`, rate: times * rate, seconds: 10, sampled: 0 }));

export const options = optionsOf(phases, {
  errors: ['count==0'],
  // Else it was not the break.
  refused: ['count>0'],
  accepted: ['count>0'],
});

export const handleSummary = summaryOf(phases);
