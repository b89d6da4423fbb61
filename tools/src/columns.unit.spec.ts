import { expect, it } from '@jest/globals';
import { columns } from './columns.js';

it('columns are as wide as their widest cell, and those of numbers stand at the right', () => {
  const rows = [
    ['fault', 'times', 'note'],
    ['long-transaction', '1,200', ''],
    ['kill', '3', 'none'],
  ];
  expect(columns(rows, (column) => column === 1).split('\n')).toEqual([
    'fault             times  note',
    'long-transaction  1,200',
    'kill                  3  none',
  ]);
});
