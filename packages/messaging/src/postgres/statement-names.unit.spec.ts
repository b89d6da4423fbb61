import { expect, it } from '@jest/globals';
import { createStatementNames } from './statement-names.js';

it('a text has one name, another text another, and none once there are too many', () => {
  const nameOf = createStatementNames();
  const names = Array.from({ length: 300 }, (_, number) => nameOf(`SELECT ${number}`));
  expect(new Set(names.slice(0, 200)).size).toBe(200);
  expect(new Set(names.slice(200))).toEqual(new Set(['']));
  expect(Array.from({ length: 300 }, (_, number) => nameOf(`SELECT ${number}`))).toEqual(names);
});
