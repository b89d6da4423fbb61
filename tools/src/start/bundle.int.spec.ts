import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from './system.js';
import { type Checkout, copyCheckout } from './testing/copy-checkout.js';

// It compiles everything.
jest.setTimeout(180_000);

const SETUP = 'tools/bin/setup.mjs';
const SOURCE = 'packages/messaging/src/errors.ts';
const PROGRAMS = [...['order', 'bff', 'client-faker'].map(programOf), 'tools/dist/start/bundle.js'];

describe('the one file of a program', () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = copyCheckout();
    await checkout.run(SETUP);
  });
  afterAll(() => checkout.dispose());

  it('is made anew when a source was changed, and only then; its stacks name the source and the line', async () => {
    const file = join(checkout.folder, SOURCE);
    expect(await checkout.run(SETUP)).not.toContain('bundled');
    const line = readFileSync(file, 'utf8').split('\n').length;
    appendFileSync(file, "throw new Error('changed');\n");
    expect(await checkout.run(SETUP)).toContain('bundled');
    for (const program of PROGRAMS) {
      const running = checkout.run(program, [], { NODE_OPTIONS: '--enable-source-maps' });
      await expect(running).rejects.toThrow(new RegExp(`Error: changed\\n.*${SOURCE}:${line}:`));
    }
  });
});
