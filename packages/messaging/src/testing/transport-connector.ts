import { connectTransport } from '../transports/connect.js';

/** How a transport is connected to. */
export type ConnectTransport = typeof connectTransport;

/** That of a module, by its `file:` URL; without one that of this package. */
export async function connectorOf(module: string | undefined): Promise<ConnectTransport> {
  if (module === undefined) return connectTransport;
  return ((await import(module)) as { connectTransport: ConnectTransport }).connectTransport;
}
