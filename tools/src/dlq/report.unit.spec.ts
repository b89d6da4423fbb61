import { describe, expect, it } from '@jest/globals';
import type { Letter } from './answers.js';
import { countsLine, fullLetter, letterLines, printable, resultLines } from './report.js';

const letter: Letter = {
  ...{
    id: '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8',
    redrive: 0,
    state: 'dead',
    subscription: 'order',
    topic: 'crear-orden',
  },
  ...{ key: 'a key', reason: 'rule-broken', error: 'no lines', attempts: 1, bytes: 7, correlationId: 'a request' },
  ...{ publishedAt: '2026-11-21T11:00:00.000Z', diedAt: '2026-11-21T12:00:00.000Z' },
};

describe('a report of dead letters', () => {
  it('has a line for each and one for why it died', () => {
    expect(letterLines(letter)).toBe(
      `dead           ${letter.id}  2026-11-21T12:00:00.000Z  order  crear-orden  key a key\n` +
        `               rule-broken: no lines\n`,
    );
  });

  it('leaves out those of which a later letter tells', () => {
    expect(letterLines({ ...letter, state: 'superseded' })).toBe('');
    expect(resultLines({ ...letter, state: 'superseded', verdict: 'superseded', why: 'x' }, false)).toBe('');
  });

  it('says what was done, or would be, and why not', () => {
    const result = (verdict: 'redrive' | 'drop' | 'dropped' | 'too-old', why = '') => ({ ...letter, verdict, why });
    expect(resultLines(result('redrive'), true)).toMatch(/^would redrive  0194.*key a key\n$/);
    expect(resultLines({ ...result('redrive'), redrive: 1 }, false)).toMatch(/^redriven {7}0194.*redrive 1\n$/);
    expect(resultLines(result('drop'), false)).toMatch(/^dropped {8}0194/);
    expect(resultLines(result('dropped'), false)).toMatch(/^was dropped {4}0194/);
    expect(resultLines(result('too-old', 'force it'), false)).toMatch(/^too-old .*\n {15}force it\n$/);
    expect(
      countsLine(
        new Map([
          ['redriven', 1_200],
          ['too-old', 1],
        ]),
      ),
    ).toBe('redriven: 1,200, too-old: 1');
    expect(countsLine(new Map())).toBe('no dead letters');
  });

  it('hands a terminal nothing that it would obey, and no heap of text', () => {
    expect(printable('\u001b[2J\r\nred\u009b31m')).toBe('[2J red 31m');
    const nasty = letterLines({ ...letter, key: '\u001b]0;x\u0007', error: '\n'.repeat(5) + 'x'.repeat(1_000) });
    expect(nasty.split('\n')).toHaveLength(3);
    expect(nasty).not.toContain('\u001b');
    expect(nasty.length).toBeLessThan(600);
  });

  it('shows a message whole, with its body as far as it can be read', () => {
    const whole = { ...letter, headers: { 'x-tenant': 'a\u001b', ce_id: '7' }, deaths: [] };
    const readable = fullLetter({ ...whole, body: { type: 'alpes.Order', json: { orderId: '7' } } });
    expect(readable).toContain('headers\n  ce_id     7\n  x-tenant  a\n');
    expect(readable).toContain('body, alpes.Order\n  {\n    "orderId": "7"\n  }');
    expect(readable).not.toContain('deaths');
    expect(fullLetter({ ...whole, body: { base64: '/w==', why: 'no order' } })).toContain(
      'as it came: no order\n  /w==',
    );
    expect(fullLetter({ ...whole, body: { why: 'it is gone' } })).toContain('body, as it came: it is gone\n');
    const death = { redrive: 0, diedAt: letter.diedAt, reason: 'unknown', error: 'x', attempts: 5 };
    const twice = fullLetter({ ...whole, body: { why: '' }, deaths: [death, { ...death, redrive: 1 }] });
    expect(twice).toContain(
      `deaths\n  ${letter.diedAt} redrive 0: unknown: x\n  ${letter.diedAt} redrive 1: unknown: x`,
    );
  });
});
