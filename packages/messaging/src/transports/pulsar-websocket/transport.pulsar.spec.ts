import { testPulsar } from '../../testing/test-pulsar.js';
import { describeTransport } from '../../testing/transport-suite.js';

describeTransport(
  'pulsar-websocket',
  async () => {
    const { urls, kill, isBack } = testPulsar();
    return { url: urls.websocket, outage: { begin: kill, end: isBack }, stop: async () => {} };
  },
  // A frozen consumer loses its partitions when its connections have been idle for 20 s.
  { patienceMs: 60_000 },
);
