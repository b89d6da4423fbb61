import { eventually } from '@alpes/messaging/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { hasGo } from '../../go/go.js';
import { createRandom } from '../../random.js';
import { type Network, openNetwork } from '../site/network.js';
import type { Site } from '../site/site.js';
import { badWays } from './network.js';

let server: Server;
let network: Network;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The proxies are built the first time.
  network = await openNetwork();
  const url = await network.lead('echo', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  port = Number(new URL(url).port);
}, 180_000);
afterAll(async () => {
  await network.close();
  server.close();
});

const talking = new Set<() => void>();
afterEach(() => {
  for (const stop of talking) stop();
  talking.clear();
});

/** Somebody who, until the test ends, says something every 10 ms, and counts what comes back. */
function talk() {
  const state = { echoed: 0, ended: false };
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('data', (data) => (state.echoed += data.length)).on('close', () => (state.ended = true));
  socket.on('error', () => {});
  const timer = setInterval(() => socket.write('x'.repeat(1_000)), 10);
  const stop = (): void => {
    clearInterval(timer);
    socket.destroy();
  };
  talking.add(stop);
  return state;
}

/** What came back in this time. */
async function echoedWithin(state: { echoed: number }, ms: number): Promise<number> {
  const before = state.echoed;
  await new Promise((resolve) => setTimeout(resolve, ms));
  return state.echoed - before;
}

const prepared = (name: string) => {
  const kind = badWays.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`there is no ${name}`);
  const site = { network } as Pick<Site, 'network'> as Site;
  const [victim = ''] = kind.victims(site);
  const fault = kind.prepare(victim, createRandom(name));
  return { ...fault, victim, play: () => fault.play(site) };
};

const describeWithGo = hasGo() ? describe : describe.skip;

describeWithGo('a bad way', () => {
  it.each(['cut', 'reset'])('that is %s ends its connections, and takes new ones afterwards', async (name) => {
    const state = talk();
    await eventually(() => state.echoed > 0);
    await prepared(name).play();
    await eventually(() => state.ended);
    const next = talk();
    await eventually(() => next.echoed > 0);
  });

  it.each(['half-open', 'trickle'])('that is %s lets little or nothing through while it lasts', async (name) => {
    const state = talk();
    await eventually(() => state.echoed > 0);
    const well = await echoedWithin(state, 300);
    const playing = prepared(name).play();
    // What was on its way arrives.
    await echoedWithin(state, 100);
    expect(await echoedWithin(state, 150)).toBeLessThan(well / 2);
    await playing;
    const next = talk();
    await eventually(() => next.echoed > 10_000);
  });

  it.each(['slow', 'slices'])('that is %s loses nothing', async (name) => {
    const state = talk();
    await eventually(() => state.echoed > 0);
    const playing = prepared(name).play();
    await eventually(() => state.echoed > 50_000, { timeoutMs: 20_000 });
    await playing;
    expect(state.ended).toBe(false);
  });

  it('has the name of the way that it is', () => {
    expect(prepared('cut').victim).toBe('the way to echo');
  });
});
