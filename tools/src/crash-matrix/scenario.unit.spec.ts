import { CRASH_ACTIONS, CRASH_POINTS } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { ACTIONS, crashOf, scenarioOf, STAGES } from './scenario.js';

const cells = CRASH_POINTS.flatMap((point) =>
  CRASH_ACTIONS.flatMap((action) => Array.from({ length: 50 }, (_, index) => ({ point, action, seed: index + 1 }))),
);
const scenarios = cells.map((cell) => scenarioOf(cell));

describe('the scenario of a run', () => {
  it('is the same for the same point, action and seed, and another for another', () => {
    expect(cells.map((cell) => scenarioOf(cell))).toEqual(scenarios);
    expect(new Set(scenarios.map((one) => JSON.stringify({ ...one, seed: 0 }))).size).toBeGreaterThan(990);
  });

  it('takes each kind of victim, successor and poison often enough in fifty seeds of each point', () => {
    const share = (is: (scenario: (typeof scenarios)[number]) => boolean) => scenarios.filter(is).length / 1_000;
    for (const stage of STAGES) expect(share(({ victim }) => victim === stage)).toBeGreaterThan(0.3);
    expect(share(({ victim }) => victim === 'payment')).toBeGreaterThan(0.2);
    expect(share(({ successor }) => successor === 'there')).toBeGreaterThan(0.4);
    expect(share(({ longTransactions }) => longTransactions)).toBeGreaterThan(0.2);
    expect(share(({ lateTransaction }) => lateTransaction)).toBeGreaterThan(0.05);
    for (const kind of ['throws', 'kills', 'refused']) {
      expect(share(({ poison }) => poison.some((one) => one.kind === kind))).toBeGreaterThan(0.03);
    }
  });

  it('has what a control needs', () => {
    expect(scenarioOf({ point: 'committed', action: 'kill', seed: 1 }, { victim: 'sink', poison: [] })).toMatchObject({
      ...{ victim: 'sink', poison: [] },
    });
  });
});

it('a victim is killed, or stands still: to be thawed by others, or while the broker is killed', () => {
  const crashes = ACTIONS.map((action) => crashOf(scenarioOf({ point: 'handled', action, seed: 1 }, { nth: 4 })));
  expect(crashes).toEqual(['handled:4:kill', 'handled:4:freeze', 'handled:4:freeze']);
});
