import { AlpesError } from '../../errors.js';

/** Of each scheme of a broker's URL that of its admin API, and the port that it has there unless the broker's own is its. */
const ADMIN: Readonly<Record<string, { readonly scheme: string; readonly port?: string }>> = {
  'ws:': { scheme: 'http:' },
  'wss:': { scheme: 'https:' },
  'pulsar:': { scheme: 'http:', port: '8080' },
  'pulsar+ssl:': { scheme: 'https:', port: '8443' },
};

/** The URLs of the broker and of its admin API, each with scheme, host and port only; throws `configuration`. */
export function placesOf(url: string, adminUrl: string | undefined): { brokerUrl: string; adminUrl: string } {
  const example = url.startsWith('pulsar') ? 'pulsar://localhost:6650' : 'ws://localhost:8080';
  const broker = parse(url, 'the broker', Object.keys(ADMIN), example);
  const brokerUrl = `${broker.protocol}//${broker.host}`;
  if (adminUrl !== undefined) {
    const admin = parse(adminUrl, 'the admin API', ['http:', 'https:'], 'http://localhost:8080');
    return { brokerUrl, adminUrl: `${admin.protocol}//${admin.host}` };
  }
  const { scheme, port } = ADMIN[broker.protocol] ?? { scheme: 'http:' };
  return { brokerUrl, adminUrl: `${scheme}//${port === undefined ? broker.host : `${broker.hostname}:${port}`}` };
}

/** Does not repeat the URL, in which there may be a password. */
function parse(url: string, what: string, protocols: readonly string[], example: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && parsed.host !== '' && protocols.includes(parsed.protocol)) return parsed;
  throw new AlpesError('configuration', `the URL of ${what} is none: it is like ${example}`);
}
