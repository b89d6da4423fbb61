// A constant rate for a time; with a long time it is a soak.
import { atMost, of, optionsOf, type Phase, summaryOf } from './phases.ts';
import { acceptP99, finishedP99, rate, seconds } from './settings.ts';

export { placeOrder } from './place-order.ts';

const phases: Phase[] = [
  // A system that has just been started compiles its code first.
  { name: 'warming', rate, seconds: 20, sampled: 4 },
  { name: 'steady', rate, seconds, sampled: 4 },
];

export const options = optionsOf(phases, {
  errors: ['count==0'],
  refused: ['count==0'],
  dropped_iterations: ['count==0'],
  [of('accepted', 'steady')]: ['count>0'],
  ...atMost(of('accept', 'steady'), acceptP99),
  ...atMost(of('finished', 'steady'), finishedP99),
});

export const handleSummary = summaryOf(phases);
