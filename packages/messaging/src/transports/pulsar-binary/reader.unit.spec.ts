import { describe, expect, it } from '@jest/globals';
import type { Client } from './client.js';
import type { NativeClient, NativeMessageId } from './native.js';
import { read } from './reader.js';

const PLACE = { tenant: 'public', namespace: 'alpes' };

/** The native client is an add-on that is not there everywhere: one whose reader can't be sent to its start, or never opens. */
function fakeClient(createReader: NativeClient['createReader']) {
  const closed: string[] = [];
  const close = (what: string) => async () => {
    closed.push(what);
    return null;
  };
  const another = (): NativeClient => ({ createReader, close: close('client') }) as unknown as NativeClient;
  const client: Client = { shared: another(), another, toMessageId: () => ({}) as NativeMessageId };
  return { client, closed, close };
}

const options = (signal: AbortSignal) => ({
  ...({ topic: 't', partition: 0, after: 'earliest', signal } as const),
  currentLedger: async () => 1n,
  onArrival: () => {},
});

describe('a reader of the native client', () => {
  it('that can not be sent to its start is closed, with its client', async () => {
    const { client, closed, close } = fakeClient(async () => ({
      isConnected: () => true,
      seek: async () => {
        throw new Error('Failed to seek message by id: TimeOut');
      },
      close: close('reader'),
    }));
    const reading = read(client, 'pulsar://fake', PLACE, options(new AbortController().signal));
    await expect(reading).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('TimeOut') });
    expect(closed).toEqual(['reader', 'client']);
  });

  it.each(['before', 'while'])('is not waited for when nobody wants it any more, %s it opens', async (when) => {
    const unwanted = new AbortController();
    const { client, closed } = fakeClient(() => new Promise(() => {}));
    if (when === 'before') unwanted.abort();
    const reading = read(client, 'pulsar://fake', PLACE, options(unwanted.signal));
    unwanted.abort();
    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
    expect(closed).toEqual(['client']);
  });
});
