import { AlpesError } from '../../errors.js';

/** The URLs of the broker and of its admin API, each with scheme, host and port only; throws `configuration`. */
export function placesOf(url: string, adminUrl: string | undefined): { brokerUrl: string; adminUrl: string } {
  const broker = parse('the broker', url);
  const isSecure = broker.protocol === 'wss:';
  const admin = adminUrl === undefined ? undefined : parse('the admin API', adminUrl);
  return {
    brokerUrl: `${broker.protocol}//${broker.host}`,
    adminUrl: admin === undefined ? `${isSecure ? 'https' : 'http'}://${broker.host}` : admin.origin,
  };
}

function parse(what: string, url: string): URL {
  // Not the URL itself, in which there may be a password.
  if (!URL.canParse(url))
    throw new AlpesError('configuration', `the URL of ${what} is none: it is like ws://localhost:8080`);
  return new URL(url);
}
