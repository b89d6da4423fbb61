import { describe, expect, it } from '@jest/globals';
import { delayAfter, outageLog, pause, untilAvailable } from './backoff.js';
import { AlpesError } from './errors.js';
import { recordingLogger } from '../fixtures/recording-logger.js';

const backoff = { firstMs: 1, maxMs: 2 };

describe('delays', () => {
  it('double from the first to the longest', () => {
    const delays = [1, 2, 3, 4, 5].map((failures) => delayAfter(failures, { firstMs: 100, maxMs: 1_000 }));
    expect(delays).toEqual([100, 200, 400, 800, 1_000]);
  });

  it('stay the longest, however often it fails', () => {
    expect(delayAfter(1_000_000, { firstMs: 100, maxMs: 1_000 })).toBe(1_000);
  });

  it('end early without an error when they are aborted', async () => {
    const stopping = new AbortController();
    const paused = pause(60_000, stopping.signal);
    stopping.abort();
    await expect(paused).resolves.toBeUndefined();
    await expect(pause(60_000, stopping.signal)).resolves.toBeUndefined();
  });
});

describe('waiting for something to be available', () => {
  it('repeats what fails for now, and says once that it began and once that it ended', async () => {
    const { logger, lines } = recordingLogger();
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 5) throw new AlpesError(tries < 3 ? 'unavailable' : 'conflict', 'not now');
      return 'done';
    };
    const { signal } = new AbortController();
    expect(await untilAvailable(work, { backoff, signal, note: outageLog('it', logger) })).toEqual({ value: 'done' });
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: it: not available, trying until it is',
      'info: it: available again',
    ]);
    expect(lines[1]?.fields).toEqual({ failures: 4 });
  });

  it('says nothing when all is well', async () => {
    const { logger, lines } = recordingLogger();
    const { signal } = new AbortController();
    await untilAvailable(async () => 'done', { backoff, signal, note: outageLog('it', logger) });
    expect(lines).toEqual([]);
  });

  it('throws what is not about availability', async () => {
    const { logger } = recordingLogger();
    const { signal } = new AbortController();
    const failing = untilAvailable(() => Promise.reject(new Error('broken')), {
      backoff,
      signal,
      note: outageLog('it', logger),
    });
    await expect(failing).rejects.toMatchObject({ code: 'unknown', message: 'broken' });
  });

  it('gives up when it is aborted', async () => {
    const { logger } = recordingLogger();
    const stopping = new AbortController();
    const work = () => Promise.reject(new AlpesError('unavailable', 'never'));
    const slow = { firstMs: 60_000, maxMs: 60_000 };
    const waiting = untilAvailable(work, { backoff: slow, signal: stopping.signal, note: outageLog('it', logger) });
    stopping.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
