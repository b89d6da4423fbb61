// Ten times as many orders for ten seconds, and ten seconds to get over it.
import { atMost, of, optionsOf, type Phase, summaryOf } from './phases.ts';
import { acceptP99, finishedP99, rate } from './settings.ts';

export { placeOrder } from './place-order.ts';

const phases: Phase[] = [
  { name: 'before', rate, seconds: 20, sampled: 4 },
  { name: 'spike', rate: 10 * rate, seconds: 10, sampled: 4 },
  { name: 'settling', rate, seconds: 10, sampled: 4 },
  { name: 'after', rate, seconds: 30, sampled: 4 },
];

export const options = optionsOf(phases, {
  errors: ['count==0'],
  [of('refused', 'before')]: ['count==0'],
  [of('refused', 'after')]: ['count==0'],
  dropped_iterations: ['count==0'],
  [of('accepted', 'after')]: ['count>0'],
  ...atMost(of('accept', 'after'), acceptP99),
  ...atMost(of('finished', 'after'), finishedP99),
});

export const handleSummary = summaryOf(phases);
