import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import { gate } from '../../testing/gate.js';
import type { Link } from './link.js';
import { createProducer } from './producer.js';
import type { Wire } from './wire.js';

interface FakeLink extends Link {
  lose(): void;
}

/** A wire whose links confirm everything until they are lost; `opening` is passed before each is open. */
function fakeWire(opening: (count: number) => Promise<void> = async () => {}) {
  const links: FakeLink[] = [];
  let count = 0;
  const openLink: Wire['openLink'] = async () => {
    count += 1;
    await opening(count);
    let isOver = false;
    const link: FakeLink = {
      publish: async (messages) => messages.map(() => undefined),
      isOver: () => isOver,
      lose: () => (isOver = true),
      close: async () => {
        isOver = true;
      },
    };
    links.push(link);
    return link;
  };
  return { wire: { url: 'ws://fake', openLink } as unknown as Wire, links };
}

const message = { topic: 't', key: 'k', properties: {}, payload: new Uint8Array() };

describe('a producer', () => {
  it('opens one link, however many publish at once after one was lost, and closes it in the end', async () => {
    const { wire, links } = fakeWire();
    const producer = createProducer(wire, 't', new AbortController().signal);
    await producer.publish([message]);
    links[0]?.lose();
    const publish = () => producer.publish([message]);
    expect(await Promise.all([publish(), publish(), publish()])).toEqual([[undefined], [undefined], [undefined]]);
    expect(links).toHaveLength(2);
    await producer.close();
    expect(links.map((link) => link.isOver())).toEqual([true, true]);
  });

  it('says why no link could be opened, to all who wait for it, and tries again for the next', async () => {
    const { wire, links } = fakeWire(async (count) => {
      if (count === 1) throw new AlpesError('unavailable', 'not yet');
    });
    const producer = createProducer(wire, 't', new AbortController().signal);
    const publish = () => producer.publish([message]);
    expect((await Promise.all([publish(), publish()])).flat()).toMatchObject([
      { message: 'not yet' },
      { message: 'not yet' },
    ]);
    expect(await publish()).toEqual([undefined]);
    expect(links).toHaveLength(1);
    await producer.close();
  });

  it('that is closed while it connects leaves no link open', async () => {
    const connected = gate();
    const { wire, links } = fakeWire(() => connected.passed);
    const producer = createProducer(wire, 't', new AbortController().signal);
    const publishing = producer.publish([message]);
    const closing = producer.close();
    connected.open();
    await Promise.all([publishing, closing]);
    expect(links.map((link) => link.isOver())).toEqual([true]);
  });
});
