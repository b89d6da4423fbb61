import { expect, it } from '@jest/globals';
import { stepsOf, tableOf } from './start.js';

it('reads what the start says of its steps, in ms', () => {
  const output =
    '> alpes@0.1.0 start\n\n✓ set up (51 ms)\n{"process":"bff"}\n✓ processes ready (1.4 s)\n\nAlpes runs\n';
  expect(stepsOf(output)).toEqual({ 'set up': 51, 'processes ready': 1_400 });
});

it('shows of each step the median and every figure', () => {
  const table = tableOf([{ ready: 2_600, a: 3.4 }, { ready: 2_400.4, a: 1 }, { ready: 2_500 }]);
  expect(table.split('\n')).toEqual([
    '       median    #1    #2    #3',
    'ready    2500  2600  2400  2500',
    'a           1     3     1',
  ]);
});
