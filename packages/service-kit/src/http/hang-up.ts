import type { Socket } from 'node:net';

/**
 * Ends a connection at once and with a reset, so that whoever reads an answer sees that it is not whole: to a client of
 * HTTP/1.0, such as nginx in front of us, a mere end would be the end of the answer.
 */
export function hangUp(socket: Socket): void {
  // Else Node waits until what was written is taken, and says with a FIN that there is no more, before it resets.
  Object.assign(socket, { writable: false });
  socket.resetAndDestroy();
  socket.destroy();
}
