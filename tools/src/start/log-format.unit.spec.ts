import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { jsonLine, prettyLine } from './log-format.js';

const pretty = (line: string, error?: boolean): string =>
  stripVTControlCharacters(prettyLine()('order', line, error)).replace(/\d\d:\d\d:\d\d/, 'TIME');

describe('a log line for machines', () => {
  it('keeps the line as it is and says whose it is', () => {
    expect(jsonLine('order-1', '{"level":"info","message":"ready"}')).toBe(
      '{"process":"order-1","level":"info","message":"ready"}',
    );
  });

  it('makes JSON of what is none', () => {
    expect(JSON.parse(jsonLine('bff', 'Segmentation "fault"', true))).toMatchObject({
      process: 'bff',
      level: 'error',
      message: 'Segmentation "fault"',
    });
  });
});

describe('a log line for people', () => {
  it('has the name, time, level, message and the other fields', () => {
    const line =
      '{"level":"info","time":"2026-01-02T03:04:05.678Z","service":"order","orderId":"x","message":"created"}';
    expect(pretty(line)).toBe('order        TIME info  created orderId=x');
  });

  it('knows the levels that are numbers', () => {
    expect(pretty('{"level":50,"time":1767322800000,"msg":"failed"}')).toBe('order        TIME error failed');
  });

  it('shows the stack of an error below it, with the name before each line', () => {
    const line = JSON.stringify({
      level: 'error',
      message: 'failed',
      err: { message: 'm', stack: 'Error: m\n    at x' },
    });
    expect(pretty(line).split('\n')).toEqual([
      'order        TIME error failed',
      'order        Error: m',
      'order            at x',
    ]);
  });

  it('shows what is not JSON as it is', () => {
    expect(pretty('{half of a li')).toBe('order        {half of a li');
    expect(pretty('plain', true)).toBe('order        plain');
  });

  it('gives each process a colour of its own', () => {
    const format = prettyLine();
    expect(format('order', 'x').replace('order  ', '')).not.toBe(format('payment', 'x').replace('payment', ''));
  });
});
