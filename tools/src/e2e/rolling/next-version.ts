import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../start/system.js';
import { type Checkout, copyCheckout } from '../../start/testing/copy-checkout.js';
import { applyChange, readPatch } from './patch.js';

const FIXTURES = join(root, 'tools/fixtures/next-version');

/** The version to come: a checkout of its own with the change of docs/how-to, set up. */
export interface NextVersion extends Checkout {
  /** The release after it: brings the migrations that need the version before to be gone. */
  addContract(): void;
}

/** Makes it from the sources that are here, as whoever changes them does. */
export async function makeNextVersion(): Promise<NextVersion> {
  const checkout = copyCheckout();
  const { folder, run, dispose } = checkout;
  const add = (part: string): void => cpSync(join(FIXTURES, part), folder, { recursive: true });
  try {
    for (const change of readPatch(readFileSync(join(FIXTURES, 'change.patch'), 'utf8'))) {
      const file = join(folder, change.file);
      writeFileSync(file, applyChange(change, readFileSync(file, 'utf8')));
    }
    add('expand');
    await run('node_modules/@bufbuild/buf/bin/buf', ['generate']);
    await run('tools/bin/setup.mjs');
  } catch (error) {
    dispose();
    throw error;
  }
  return { ...checkout, addContract: () => add('contract') };
}
