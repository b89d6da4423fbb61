import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expectAsDocumented } from './documented.js';
import { startSystem, type System } from '../start/whole-system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = readFileSync(`${ROOT}README.md`, 'utf8');

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 180_000);
afterAll(() => system.dispose(), 60_000);

describe('the README', () => {
  it('shows what its commands print', () => {
    expect(expectAsDocumented(system, README, 'A tour of five minutes')).toBeGreaterThanOrEqual(6);
  }, 120_000);

  it('names the two commands with which a newcomer begins', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
    for (const command of ['start', 'test']) {
      expect(README).toContain(`\`\`\`sh\nnpm ${command}\n\`\`\``);
      expect(scripts[command]).toBeDefined();
    }
  });

  it('links only to what exists', () => {
    const links = [...README.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect(() => readFileSync(`${ROOT}${path}`)).not.toThrow(/ENOENT/);
  });
});
