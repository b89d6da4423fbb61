import { WrongArguments } from './command-line.js';

/** The protocols of a Pulsar, by what `--pulsar` calls them. */
export const PROTOCOLS = ['websocket', 'binary'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Which broker: logs in PostgreSQL, a Pulsar that is there, or one that is started, which alone may be killed. */
export type BrokerChoice = (
  | { readonly kind: 'embedded' }
  | { readonly kind: 'foreign'; readonly url: string }
  | { readonly kind: 'own'; readonly protocol: Protocol }
) & {
  /** The options that chose it. */
  readonly told: readonly string[];
  /** Where its results are kept: what was found on one broker says nothing of another. */
  readonly folder: '' | Protocol;
};

/** The options of a command line that choose it. */
export const brokerOptions = { broker: { type: 'string' }, pulsar: { type: 'string' } } as const;

/** Reads them; throws WrongArguments. */
export function readBrokerChoice({
  broker: url,
  pulsar,
}: {
  readonly broker?: string;
  readonly pulsar?: string;
}): BrokerChoice {
  if (url !== undefined && pulsar !== undefined) throw new WrongArguments('--broker and --pulsar exclude each other');
  if (pulsar !== undefined) {
    const protocol = PROTOCOLS.find((name) => name === pulsar);
    if (protocol === undefined)
      throw new WrongArguments(`--pulsar is "${pulsar}": it is one of ${PROTOCOLS.join(', ')}`);
    return { kind: 'own', protocol, told: ['--pulsar', protocol], folder: protocol };
  }
  if (url === undefined) return { kind: 'embedded', told: [], folder: '' };
  const scheme = /^(ws|wss|pulsar|pulsar\+ssl):\/\/./.exec(url)?.[1];
  // Not what it is instead: there may be a password in it.
  if (scheme === undefined) throw new WrongArguments('--broker is the URL of a Pulsar, like ws://localhost:8080');
  const folder = scheme.startsWith('ws') ? 'websocket' : 'binary';
  return { kind: 'foreign', url, told: ['--broker', url], folder };
}
