import { describe, expect, it } from '@jest/globals';
import { finding } from './findings.js';
import { type Look, type QuietOptions, untilQuiet } from './quiet.js';

const rest = (ends = '0'): Look => ({ remains: [], began: ends, ended: ends });
const work = (ends = '0'): Look => ({
  ...rest(ends),
  remains: [{ text: 'work', finding: finding('outbox-stuck', 'There is work.') }],
});

/** Looks one after the other, the last again and again; says in which order things were asked for. */
async function ask(looks: readonly Look[], waitMs = 10_000) {
  const asked: string[] = [];
  let number = 0;
  const options: QuietOptions<number> = {
    ...{ waitMs, pollMs: 1 },
    look: async () => {
      asked.push('look');
      return looks[Math.min(number++, looks.length - 1)] ?? rest();
    },
    freeze: async () => asked.push('freeze'),
    thaw: async () => void asked.push('thaw'),
    onWait: () => void asked.push('wait'),
  };
  const { findings } = await untilQuiet(options);
  return { asked: asked.join(' '), problems: findings.map(({ problem }) => problem) };
}

describe('a system', () => {
  it('is at rest if it is so before and after it was frozen', async () => {
    expect(await ask([rest()])).toEqual({ asked: 'look freeze look', problems: [] });
  });

  it('is frozen only when nothing is left to do', async () => {
    const { asked, problems } = await ask([work(), work(), rest()]);
    expect(asked).toBe('look wait look wait look freeze look');
    expect(problems).toEqual([]);
  });

  it('is frozen again if work came up meanwhile', async () => {
    const { asked, problems } = await ask([rest(), work(), rest('1')]);
    expect(asked).toBe('look freeze look thaw wait look freeze look');
    expect(problems).toEqual([]);
  });

  it('is frozen again if something was published meanwhile, even if that is done by now', async () => {
    const { asked, problems } = await ask([rest('1'), rest('2'), rest('2')]);
    expect(asked).toBe('look freeze look thaw wait look freeze look');
    expect(problems).toEqual([]);
  });

  it('is frozen again if something was published during one of the looks', async () => {
    const { asked } = await ask([rest('1'), { ...rest('1'), ended: '2' }, rest('2')]);
    expect(asked).toBe('look freeze look thaw wait look freeze look');
  });

  it('is frozen as it is when the time is over, and what is left is stuck', async () => {
    expect(await ask([work()], 0)).toEqual({ asked: 'look freeze look', problems: ['outbox-stuck'] });
  });

  it('that never rests is told of', async () => {
    expect(await ask([rest('1'), rest('2')], 0)).toEqual({ asked: 'look freeze look', problems: ['not-at-rest'] });
  });
});
