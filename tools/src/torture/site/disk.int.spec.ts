import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, openDisk } from './disk.js';

let folder: string;
let disk: Disk | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alpes-disk-'));
  disk = openDisk(join(folder, 'data'));
});
afterAll(() => {
  disk?.close();
  rmSync(folder, { recursive: true });
});

const write = (name: string) => writeFileSync(join(folder, 'data', name), Buffer.alloc(2 ** 20));

// Elsewhere there is none: only the superuser of a Linux may mount one.
const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

(mayMount ? describe : describe.skip)('a disk with a quota', () => {
  it('takes nothing while it is full, and everything again afterwards', () => {
    write('file');
    disk?.fill();
    expect(() => write('other')).toThrow('ENOSPC');
    disk?.empty();
    write('other');
  });
});
