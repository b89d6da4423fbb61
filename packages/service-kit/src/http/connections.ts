import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Counter, Gauge, type Registry } from 'prom-client';

/** A request whose answer is still to be made or to be taken. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** The connections of a server. */
export interface Connections {
  /** The exchanges that are under way on a connection, in the order of the requests; several where a client pipelines. */
  underWay(socket: Socket): readonly Exchange[];
  /** Whether the body of the latest request on a connection is still to come. */
  isMidBody(socket: Socket): boolean;
  /** Calls back once nobody is there any more to take this answer, or it was taken. */
  whenOver(exchange: Exchange, callback: () => void): void;
  /**
   * Every answer that has not begun yet, and every later one, tells its client to connect anew. Connections that were opened
   * in advance and never used are closed: Node takes them for busy ones.
   */
  sayGoodbye(): void;
  /** Ends all connections whose client has sent a part of a request, or nothing. */
  breakOff(): void;
}

interface Line {
  readonly exchanges: Map<ServerResponse, Exchange & { readonly callbacks: (() => void)[] }>;
  latest: IncomingMessage | undefined;
}

/**
 * Keeps at most `most` connections: to whoever comes then, that one gives way which has had no request under way for the
 * longest time, as nginx has it. So who only holds connections, silent or dripping headers, keeps out nobody.
 */
export function keepConnections(server: Server, most: number, registry: Registry): Connections {
  const lines = new Map<Socket, Line>();
  const idle = new Set<Socket>();
  const evicted = meter(registry, lines);
  let closing = false;

  const end = (line: Line | undefined, res: ServerResponse): void => {
    const exchange = line?.exchanges.get(res);
    line?.exchanges.delete(res);
    for (const callback of exchange?.callbacks ?? []) callback();
  };
  server.on('connection', (socket: Socket) => {
    const line: Line = { exchanges: new Map(), latest: undefined };
    lines.set(socket, line);
    socket.once('close', () => {
      lines.delete(socket);
      idle.delete(socket);
      // Node tells only the first of several that wait in line.
      for (const res of [...line.exchanges.keys()]) end(line, res);
    });
    if (lines.size > most) {
      const [oldest = socket] = idle;
      evicted.inc();
      oldest.destroy();
    }
    if (!socket.destroyed) idle.add(socket);
  });
  const begin = (req: IncomingMessage, res: ServerResponse): void => {
    const { socket } = req;
    const line = lines.get(socket);
    if (line === undefined) return;
    if (closing) sayClose(res);
    idle.delete(socket);
    line.latest = req;
    line.exchanges.set(res, { req, res, callbacks: [] });
    res.once('close', () => {
      end(line, res);
      if (line.exchanges.size === 0 && lines.has(socket)) idle.add(socket);
    });
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, begin);
  const isMidBody = (socket: Socket): boolean => lines.get(socket)?.latest?.complete === false;
  return {
    underWay: (socket) => [...(lines.get(socket)?.exchanges.values() ?? [])],
    isMidBody,
    whenOver: ({ req, res }, callback) => {
      const exchange = lines.get(req.socket)?.exchanges.get(res);
      if (exchange === undefined) callback();
      else exchange.callbacks.push(callback);
    },
    sayGoodbye: () => {
      closing = true;
      for (const socket of idle) if (socket.bytesRead === 0) socket.destroy();
      for (const { exchanges } of lines.values()) for (const res of exchanges.keys()) sayClose(res);
    },
    breakOff: () => {
      for (const socket of lines.keys()) if (idle.has(socket) || isMidBody(socket)) socket.destroy();
    },
  };
}

function sayClose(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}

/** Returns the counter of those that gave way. */
function meter(registry: Registry, lines: ReadonlyMap<Socket, Line>): Counter {
  const open = new Gauge({
    ...{ name: 'alpes_http_connections', help: 'Open connections of clients', registers: [] },
    collect() {
      this.set(lines.size);
    },
  });
  registry.registerMetric(open);
  return new Counter({
    ...{ name: 'alpes_http_connections_evicted_total', help: 'Connections that gave way to newer ones at the limit' },
    registers: [registry],
  });
}
