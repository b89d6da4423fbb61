import { Socket } from 'node:net';

/**
 * For the setting `stream` of `pg` and of Prisma's adapter: sockets that break by themselves, with `ETIMEDOUT`, once
 * nothing has come or gone for `silenceMs` ms. A network that has swallowed a connection tells nobody of it, and whoever
 * waits for an answer waits for ever. `query_timeout` of `pg` rejects the query but keeps its connection, which a pool
 * then hands to the next one, in the middle of a transaction that may still be open; one that is broken is not used again.
 * Longer than the longest statement, and than the server's own limits, so that the server answers before.
 */
export function givingUpAfter(silenceMs: number): () => Socket {
  return () => {
    const socket = new Socket();
    socket.setTimeout(silenceMs, () => {
      const error = new Error(`the connection has been silent for ${silenceMs} ms`);
      socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    });
    return socket;
  };
}
