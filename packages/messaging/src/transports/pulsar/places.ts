import { AlpesError } from '../../errors.js';

/** The URLs of the broker and of its admin API, each with scheme, host and port only; throws `configuration`. */
export function placesOf(url: string, adminUrl: string | undefined): { brokerUrl: string; adminUrl: string } {
  const broker = parse(url, 'the broker', 'ws://localhost:8080');
  const scheme = broker.protocol === 'wss:' ? 'https:' : 'http:';
  const admin = adminUrl === undefined ? broker : parse(adminUrl, 'the admin API', 'http://localhost:8080');
  return {
    brokerUrl: `${broker.protocol}//${broker.host}`,
    adminUrl: `${admin === broker ? scheme : admin.protocol}//${admin.host}`,
  };
}

/** Does not repeat the URL, in which there may be a password. */
function parse(url: string, what: string, example: string): URL {
  const protocols = example.startsWith('ws') ? ['ws:', 'wss:'] : ['http:', 'https:'];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && parsed.host !== '' && protocols.includes(parsed.protocol)) return parsed;
  throw new AlpesError('configuration', `the URL of ${what} is none: it is like ${example}`);
}
