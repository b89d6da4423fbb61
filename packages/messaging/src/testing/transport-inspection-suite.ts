import { describe, expect, it } from '@jest/globals';
import type { Extent } from '../inspector.js';
import type { ReceivedMessage } from '../subscriber.js';
import { eventually } from './eventually.js';
import type { TransportLab } from './transport-lab.js';
import { backlogIs, numbered, publishAll, receive, textMessage, texts, to } from './transport-steps.js';

/** The position of the last message of each partition. */
function endsOf(messages: readonly ReceivedMessage[], partitions: number): (string | undefined)[] {
  const numbers = Array.from({ length: partitions }, (_, number) => number);
  return numbers.map((number) => messages.filter(({ partition }) => partition === number).at(-1)?.position);
}

const endOf = ({ end }: Extent): string | undefined => end;

export function describeInspection(lab: TransportLab): void {
  describe('tells', () => {
    describeExtents(lab);
    describeAttendance(lab);

    it('how many partitions a topic has and how many messages were published to each', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      expect(await transport.partitions(topic)).toBe(lab.settings.partitions);
      expect(await transport.endPositions(topic)).toEqual(Array.from({ length: lab.settings.partitions }, () => 0n));
      await publishAll(transport, [...numbered(topic, 20, 0, 3), textMessage(topic, 'key-0', 'one more')]);
      const received = await receive(await transport.subscribe(to(topic, 'reader')), 61);
      const counts = Array.from({ length: lab.settings.partitions }, (_, partition) =>
        BigInt(received.filter((message) => message.partition === partition).length),
      );
      expect(await transport.endPositions(topic)).toEqual(counts);
    });

    it('how many messages each subscription has not acknowledged', async () => {
      const topic = await lab.topic('busy', 'idle');
      const transport = lab.connect();
      const backlogs = async () => [await transport.backlog(topic, 'busy'), await transport.backlog(topic, 'idle')];
      expect(await backlogs()).toEqual([0, 0]);
      await publishAll(transport, numbered(topic, 10, 0, 3));
      await eventually(async () => (await backlogs()).join() === '30,30');
      const busy = await transport.subscribe(to(topic, 'busy'));
      const received = await receive(busy, 30, { acknowledge: false });
      expect(await backlogs()).toEqual([30, 30]);
      await busy.acknowledge(received.slice(0, 25));
      await eventually(async () => (await backlogs()).join() === '5,30');
      await busy.acknowledge(received);
      await eventually(async () => (await backlogs()).join() === '0,30');
    });

    it('what is in a topic, page by page, and consumes nothing', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      expect(await transport.browse(topic, { limit: 10 })).toEqual([]);
      await publishAll(transport, numbered(topic, 20, 0, 3));
      const all = await transport.browse(topic, { limit: 1_000 });
      expect(new Set(texts(all)).size).toBe(60);
      const partitions = all.map(({ partition }) => partition);
      expect(partitions).toEqual(partitions.toSorted((one, other) => one - other));
      const paged = [];
      for (let page = await transport.browse(topic, { limit: 7 }); page.length > 0;) {
        expect(page.length).toBeLessThanOrEqual(7);
        paged.push(...page);
        page = await transport.browse(topic, { limit: 7, after: page.at(-1)?.position ?? '' });
      }
      expect(paged).toEqual(all);
      const bytes = 3 * (all[0]?.payload.byteLength ?? 0);
      expect((await transport.browse(topic, { limit: 1_000, bytes })).length).toBeLessThanOrEqual(4);
      expect(await transport.browse(topic, { limit: 1_000, bytes: 1 })).toEqual(all.slice(0, 1));
      const received = await receive(await transport.subscribe(to(topic, 'reader')), 60);
      const places = (messages: typeof all) => messages.map(({ position }) => position).toSorted();
      expect(places(received)).toEqual(places(all));
      expect(await transport.browse(topic, { limit: 1_000 })).toEqual(all);
    });
  });
}

function describeExtents(lab: TransportLab): void {
  it('where each partition ends, and that nothing of it is gone', async () => {
    const topic = await lab.topic('reader');
    const transport = lab.connect();
    const { partitions } = lab.settings;
    expect(await transport.extents(topic)).toEqual(Array(partitions).fill({ end: undefined, cut: undefined }));
    // Of one key: all but one partition stay empty.
    await publishAll(transport, numbered(topic, 1, 0, 3));
    const first = await transport.extents(topic);
    await publishAll(transport, numbered(topic, 20, 3, 6));
    const second = await transport.extents(topic);
    const received = await receive(await transport.subscribe(to(topic, 'reader')), 63);
    expect(second.map(endOf)).toEqual(endsOf(received, partitions));
    expect(first.map(endOf)).toEqual(endsOf(received.filter(isOfFirst), partitions));
    expect([...first, ...second].every(({ cut }) => cut === undefined)).toBe(true);
  });

  it('up to where a subscription has acknowledged each partition', async () => {
    const topic = await lab.topic('reader', 'idle');
    const transport = lab.connect();
    const { partitions } = lab.settings;
    const none = Array<undefined>(partitions).fill(undefined);
    expect(await transport.hasAcknowledged(topic, 'reader', none)).toEqual(Array(partitions).fill(true));
    await publishAll(transport, numbered(topic, 20, 0, 3));
    const ends = (await transport.extents(topic)).map(endOf);
    const reader = await transport.subscribe(to(topic, 'reader'));
    const received = await receive(reader, 60, { acknowledge: false });
    const [first, ...rest] = received.filter(({ partition }) => partition === received[0]?.partition);
    if (first === undefined) throw new Error('nothing was received');
    const others = received.filter(({ partition }) => partition !== first.partition);
    // What is acknowledged behind one that is not does not count.
    await reader.acknowledge([...rest, ...others]);
    await backlogIs(transport, topic, 'reader', 1);
    const allBut = ends.map((end, partition) => end === undefined || partition !== first.partition);
    expect(await transport.hasAcknowledged(topic, 'reader', ends)).toEqual(allBut);
    await reader.acknowledge([first]);
    await backlogIs(transport, topic, 'reader', 0);
    expect(await transport.hasAcknowledged(topic, 'reader', ends)).toEqual(Array(partitions).fill(true));
    for (const nobody of ['idle', 'who-is-this']) {
      expect(await transport.hasAcknowledged(topic, nobody, ends)).toEqual(ends.map((end) => end === undefined));
    }
    // What comes later changes nothing of it.
    await publishAll(transport, numbered(topic, 20, 3, 4));
    expect(await transport.hasAcknowledged(topic, 'reader', ends)).toEqual(Array(partitions).fill(true));
    const later = (await transport.extents(topic)).map(endOf);
    const unchanged = later.map((end, partition) => end === ends[partition]);
    expect(await transport.hasAcknowledged(topic, 'reader', later)).toEqual(unchanged);
  });
}

function describeAttendance(lab: TransportLab): void {
  it('how many partitions no consumer of a subscription has', async () => {
    const topic = await lab.topic('team', 'idle');
    const transport = lab.connect();
    const { partitions, patienceMs } = lab.settings;
    const unattended = async (count: number) =>
      eventually(async () => (await transport.unattended(topic, 'team')) === count, { timeoutMs: patienceMs });
    await unattended(partitions);
    const [one, other] = [await lab.join(to(topic, 'team')), await lab.join(to(topic, 'team'))];
    await unattended(0);
    expect(await transport.unattended(topic, 'idle')).toBe(partitions);
    await one.stop();
    await unattended(0);
    await other.stop();
    await unattended(partitions);
    const crashing = await lab.fork(topic, 'team');
    await unattended(0);
    crashing.kill('SIGKILL');
    await unattended(partitions);
  });
}

const isOfFirst = (message: ReceivedMessage): boolean => /^key-0 [012]$/.test(Buffer.from(message.payload).toString());
