import { describe, expect, it } from '@jest/globals';
import { exitsIn, type Judgement } from './judge.js';
import type { Outcome } from './outcome.js';
import { page } from './page.js';
import { table } from './report.js';
import type { Played } from './run.js';

const fault = (kind: string, beganAt: number, recoveryMs: number | undefined): Played => ({
  ...{ kind, victim: 'order-1', text: 'suffers <it>', note: undefined, beganAt, endedAt: beganAt + 500, recoveryMs },
});

const judgement: Judgement = {
  orders: {
    ...{ accepted: 1_200, checked: 1_200, fine: 1_200, missing: 0, doubled: 0, contradictory: 0, stuck: 0 },
    'dead-lettered': 0,
  },
  ...{ messages: 6_000, disorders: [], exits: [], problems: [] },
};

const outcome = (changes: Partial<Judgement> = {}): Outcome => ({
  ...{ again: 'npm run torture -- --seed 7', place: 'a log', kinds: ['kill', 'freeze', 'cut'], calmMs: 300 },
  played: [
    fault('kill', 1_000, 700),
    fault('kill', 4_000, 900),
    fault('kill', 5_000, 1_100),
    fault('cut', 9_000, undefined),
  ],
  tracker: { samples: [{ accepted: 20, finished: 18, open: 2, slowest: 400 }], latencies: [100, 200, 400] },
  alarms: [{ name: 'AlpesProcessDown', seconds: 7 }],
  judgement: { ...judgement, ...changes },
});

describe('the report of a torture', () => {
  it('tells of each kind how often it came and how long the system took to recover', () => {
    const lines = table(outcome()).split('\n');
    expect(lines.find((line) => line.startsWith('kill'))).toMatch(/^kill +3 +0.9 s +1.1 s$/);
    expect(lines.find((line) => line.startsWith('cut'))).toMatch(/^cut +1 +– +–$/);
    expect(lines.some((line) => line.startsWith('freeze'))).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/^AlpesProcessDown +7 s$/));
    expect(lines).toContainEqual(expect.stringMatching(/^orders accepted +1,200$/));
    expect(lines).toContainEqual(expect.stringMatching(/median, 99 %, longest +0.2 s, 0.4 s, 0.4 s$/));
  });

  it('is a page with a picture, which needs nothing else', () => {
    const html = page(outcome());
    expect(html).toContain('Nothing was lost, doubled or out of order.');
    expect(html).toMatch(/<svg[^]*orders per second[^]*<\/svg>/);
    expect(html).not.toMatch(/<(script|link|img)|https?:\/\/(?!www\.w3\.org)/);
  });

  it('says what is wrong, whatever signs are in it', () => {
    const html = page(outcome({ problems: ['order <b>1</b> & "2"'] }));
    expect(html).toContain('order &lt;b&gt;1&lt;/b&gt; &amp; &quot;2&quot;');
    expect(html).not.toContain('Nothing was lost');
    expect(html).toContain('order-1 suffers &lt;it&gt;');
  });
});

describe('a process that ends by itself', () => {
  it('is told from one that is killed', () => {
    const said = [
      'order-1 ended (SIGKILL): starting',
      'saga-log-2 ended (exit code 1): starting',
      'bff ended (exit code 134): x',
    ];
    expect(exitsIn(said.join('\n'))).toEqual(['saga-log-2 ended (exit code 1)', 'bff ended (exit code 134)']);
  });
});
