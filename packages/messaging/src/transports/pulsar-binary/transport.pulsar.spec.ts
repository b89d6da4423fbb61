import { describeWithNativeClient } from '../../testing/native-client.js';
import { testPulsar } from '../../testing/test-pulsar.js';
import { describeTransport } from '../../testing/transport-suite.js';

await describeWithNativeClient('the pulsar-binary transport', () => {
  const { urls, kill, isBack } = testPulsar();
  describeTransport(
    'pulsar-binary',
    async () => ({ url: urls.binary, outage: { begin: kill, end: isBack }, stop: async () => {} }),
    // A frozen consumer loses its partitions when it has answered no question of the broker's for 10 s to 20 s.
    {
      ...{ patienceMs: 60_000, pulsar: { adminUrl: urls.admin } },
      lacks: {
        'properties of any name':
          'the native client keeps them in an array, whose "length" is taken ' +
          '(https://github.com/apache/pulsar-client-node/blob/v1.18.0/src/Message.cc, GetProperties)',
      },
    },
  );
});
