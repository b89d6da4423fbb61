import { AlpesError } from '../../errors.js';
import { type Link, sendAll } from '../pulsar/link.js';
import { type Place, topicPath } from '../pulsar/names.js';
import { createOutstanding } from '../pulsar/outstanding.js';
import { readConfirmation, toProducerFrame } from './frames.js';
import { type Endpoint, openSocket } from './socket.js';

/** Most messages that wait for their confirmation; more would wait no shorter. */
const MOST_MESSAGES = 500;

/**
 * As {@link Wire.openLink}. Batches would carry a tenth more, but of them the broker can't tell how many messages it has,
 * nor begin within one at a time. The broker never gives up by itself
 * (`sendTimeoutMillis=0`), which would leave a gap in front of what is sent after.
 */
export async function openLink(endpoint: Endpoint, place: Place, topic: string, signal: AbortSignal): Promise<Link> {
  const query = new URLSearchParams({
    ...{ hashingScheme: 'Murmur3_32Hash', messageRoutingMode: 'SinglePartition' },
    ...{ batchingEnabled: 'false', sendTimeoutMillis: '0' },
  });
  const path = `producer/${topicPath(place, topic)}?${query.toString()}`;
  const end = (why: string): void => {
    const error = new AlpesError('unavailable', why);
    // At once: what is confirmed from now on is behind what failed.
    outstanding.fail(error);
    socket.destroy(error);
  };
  const outstanding = createOutstanding(MOST_MESSAGES, () => end(`${endpoint.url} does not confirm messages any more`));
  const onMessage = (text: string): void => {
    const { result, context = '', errorMsg = result } = readConfirmation(text);
    if (result === 'ok') outstanding.confirm(context);
    else end(`the broker did not take a message: ${errorMsg}`);
  };
  const socket = await openSocket(endpoint, path, { onMessage, onClose: outstanding.fail }, signal);
  return {
    publish: (messages) =>
      sendAll(outstanding, messages, (message, context) => socket.send(toProducerFrame(message, context))),
    isOver: outstanding.isOver,
    close: socket.close,
  };
}
