import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canHaveK6 } from '../load/k6.js';
import { type RunningTool, startSystem, startTool, type System } from '../start/whole-system.js';
import { processesThatKnow } from './processes.js';
import { expectCode, tell } from './told.js';

// The first time k6 is built.
jest.setTimeout(900_000);

const load = (env: NodeJS.ProcessEnv, ...args: readonly string[]): RunningTool =>
  startTool('run.mjs', ['tools/dist/load/cli.js', ...args], env);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alpes-load-e2e-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a load where there is no Go', () => {
  const withPath = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: '', DATA_DIR: folder, PATH: folder });

  it('says what to install, for want of k6', async () => {
    const { code, output } = await load(withPath()).ended;
    expect(output).toContain('There is no k6 1.0 or later on the PATH, and no Go 1.25 or later to build one with.');
    expect(code).toBe(1);
  });

  it('takes none that knows no TypeScript', async () => {
    writeFileSync(join(folder, 'k6'), '#!/bin/sh\necho "k6 v0.57.0 (go1.23.6, linux/amd64)"\n', { mode: 0o755 });
    const { code, output } = await load(withPath()).ended;
    rmSync(join(folder, 'k6'));
    expect(output).toContain('There is no k6 1.0 or later on the PATH');
    expect(code).toBe(1);
  });
});

describe('a load by k6', () => {
  if (!canHaveK6()) {
    it.todo('is not tested, for there is neither k6 nor a Go that builds it');
    return;
  }

  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.dispose());
  const kept = (name: string): string => readFileSync(join(system.dataDir, 'load', name), 'utf8');

  it('of 1,000 orders a minute is taken without errors, all of it is sent, and all that was accepted ends well', async () => {
    const result = await load(system.env, 'steady', '--minutes', '0.2', '--no-latency').ended;
    tell(result.output);
    expectCode(0, result);
    const ids = kept('steady.ledger').trim().split('\n');
    expect(ids.length).toBeGreaterThanOrEqual(200);
    const phases = [...result.output.matchAll(/^(warming|steady) +1,000 +(\d+) +0 +0 +0 /gm)];
    expect(phases.map(([, name]) => name)).toEqual(['warming', 'steady']);
    expect(phases.reduce((sum, [, , accepted]) => sum + Number(accepted), 0)).toBe(ids.length);
    expect(result.output).toContain(`${ids.length} of them in the ledger`);
    expect(result.output).toContain('Nothing is missing, doubled, contradictory, stuck or dead-lettered.');
    expect(kept('steady.json')).toContain('"p(99)"');
  });

  it('fails with a limit that nothing can keep, and says which', async () => {
    const { code, output } = await load(system.env, 'steady', '--minutes', '0.1', '--accept-p99', '0').ended;
    expect(output).toMatch(/^steady: ms until an order is accepted, p99, steady: [\d.]+, and has to be at most 0$/m);
    expect(code).toBe(1);
  });

  it('leaves nothing behind after Ctrl-C but what it has written down', async () => {
    const run = load({ ...process.env, NODE_OPTIONS: '', DATA_DIR: folder, TMPDIR: folder }, 'soak');
    const ledger = join(folder, 'load', 'soak.ledger');
    const isUnderWay = (): boolean => readFileSync(ledger, 'utf8').length > 0;
    await eventually(isUnderWay, { timeoutMs: 300_000 });
    expect(processesThatKnow(folder).length).toBeGreaterThan(5);
    run.interrupt();
    expect((await run.ended).code).toBe(130);
    await eventually(() => processesThatKnow(folder).length === 0, { timeoutMs: 30_000 });
    expect(readdirSync(folder)).toEqual(['load']);
  });
});
