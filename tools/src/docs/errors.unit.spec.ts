import { AlpesError, ERROR_CODES, type ErrorCode } from '@alpes/messaging';
import { toProblem } from '@alpes/service-kit';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

interface Section {
  readonly code: string;
  readonly nature: string | undefined;
  readonly status: number;
  readonly explains: boolean;
}

function readSection(section: string): Section {
  return {
    code: section.slice(0, section.indexOf('\n')),
    nature: /^- nature: (.+)$/m.exec(section)?.[1],
    status: Number(/^- HTTP status: (\d{3})$/m.exec(section)?.[1]),
    explains: /^\*\*When:\*\* \S/m.test(section) && /^\*\*What to do:\*\* \S/m.test(section),
  };
}

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const sections = page.split(/^## /m).slice(1).map(readSection);
const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('docs/errors.md', () => {
  it('explains every code, and no other, in the order of the code', () => {
    expect(sections.map(({ code }) => code)).toEqual(codes);
  });

  it.each(codes)('says of %s what the code says', (code) => {
    const section = sections.find((one) => one.code === code);
    const { status } = toProblem(new AlpesError(code, 'example'));
    expect(section).toEqual({ code, nature: ERROR_CODES[code], status, explains: true });
  });
});
