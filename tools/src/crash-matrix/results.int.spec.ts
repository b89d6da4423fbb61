import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.js';
import { finding } from './findings.js';
import { isClean, openResults, type Result, resultOf } from './results.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'alpes-results-spec-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (...args: string[]) =>
  openResults(readArguments(['--seed', '7', ...args], { DATA_DIR: dataDir }, () => 7));

const cell = { point: 'deleted', action: 'kill', seed: 7 } as const;
const clean: Result = resultOf(cell, { crashed: true, messages: 9, findings: [] }, 1_000);
const failed: Result = resultOf(cell, { crashed: true, messages: 9, findings: [finding('lost', 'a row')] }, 1_000);
const ofCell = (...args: string[]): Result | undefined => open(...args)?.of(cell);

describe('the results that are kept', () => {
  it('are those of the matrix with the same first seed, until it is told to begin anew', () => {
    open()?.add(clean);
    expect(ofCell()).toEqual(clean);
    expect(open()?.of({ ...cell, seed: 8 })).toBeUndefined();
    expect(ofCell('--seed', '8')).toBeUndefined();
    expect(ofCell('--fresh')).toBeUndefined();
    expect(ofCell()).toBeUndefined();
  });

  it('hold a failure, whatever the same run came to before or later', () => {
    for (const result of [clean, failed, clean]) open()?.add(result);
    expect(ofCell()).toEqual(failed);
    expect([clean, failed].map(isClean)).toEqual([true, false]);
  });

  it.each([
    ['a single run', ['--point', 'deleted', '--action', 'kill']],
    ['a matrix with a mistake put in', ['--control', 'last-id']],
  ])('are not those of %s', (_, args) => {
    expect(open(...args)).toBeUndefined();
    expect(existsSync(join(dataDir, 'crash-matrix'))).toBe(false);
  });

  it('are those of several runs of one point and action', () => {
    const args = ['--point', 'deleted', '--action', 'kill', '--seeds', '2'];
    open(...args)?.add(clean);
    expect(ofCell(...args)).toEqual(clean);
  });
});
