import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../random.js';
import type { Proxy, Toxic } from '../site/toxiproxy.js';
import { type FaultKind, inSeconds, someTime } from './fault.js';

const BOTH = ['upstream', 'downstream'] as const;

/** What a connection suffers from, decided by chance. */
interface Disturbance {
  readonly text: string;
  readonly begin: (way: Proxy) => Promise<void>;
  readonly end: (way: Proxy) => Promise<void>;
}

/** The way to a database or to the broker, or that of the clients to the BFF, is bad for a time. */
function badWay(name: string, longestMs: number, decide: (random: Random) => Disturbance): FaultKind {
  return {
    name,
    weight: 2,
    victims: ({ network }) => [...network.ways.keys()].map((way) => `the way to ${way}`),
    prepare: (victim, random) => {
      const { text, begin, end } = decide(random);
      const ms = someTime(random, 300, longestMs);
      return {
        text: `${text} for ${inSeconds(ms)}`,
        play: async ({ network }) => {
          const way = network.ways.get(victim.replace('the way to ', ''));
          if (way === undefined) throw new Error(`there is no ${victim}`);
          await begin(way);
          await delay(ms);
          await end(way);
          return undefined;
        },
      };
    },
  };
}

const toxic = (text: string, ...toxics: readonly Toxic[]): Disturbance => ({
  text,
  begin: async (way) => {
    for (const one of toxics) await way.poison(one);
  },
  end: (way) => way.cure(),
});

/** Every kind of bad way. */
export const badWays: readonly FaultKind[] = [
  badWay('cut', 5_000, () => ({
    text: 'is cut',
    begin: (way) => way.enable(false),
    end: (way) => way.enable(true),
  })),
  badWay('reset', 3_000, (random) => {
    const timeout = random.between(0, 500);
    const stream = random.pick(BOTH);
    return toxic(`resets connections after ${timeout} ms`, { type: 'reset_peer', stream, attributes: { timeout } });
  }),
  badWay('slow', 5_000, (random) => {
    const latency = random.between(50, 800);
    const attributes = { latency, jitter: Math.floor(latency / 2) };
    return toxic(
      `takes ${latency} ms each way`,
      ...BOTH.map((stream): Toxic => ({ type: 'latency', stream, attributes })),
    );
  }),
  badWay('trickle', 5_000, (random) => {
    const rate = random.between(2, 40);
    return toxic(
      `carries ${rate} KB/s`,
      ...BOTH.map((stream): Toxic => ({
        ...{ type: 'bandwidth', stream, attributes: { rate } },
      })),
    );
  }),
  badWay('half-open', 5_000, (random) => {
    const stream = random.pick(BOTH);
    const side = stream === 'upstream' ? 'there' : 'back';
    return toxic(`carries nothing ${side}`, { type: 'timeout', stream, attributes: { timeout: 0 } });
  }),
  badWay('slices', 5_000, (random) => {
    const attributes = { average_size: random.between(20, 400), size_variation: 10, delay: 200 };
    return toxic(
      `carries ${attributes.average_size} bytes at a time`,
      ...BOTH.map((stream): Toxic => ({ type: 'slicer', stream, attributes })),
    );
  }),
];
