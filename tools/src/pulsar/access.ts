import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The role of our brokers that may do everything. */
export const SUPERUSER = 'admin';
/** The role of the WebSocket API, which asks the broker for others, whose rights it has looked at itself. */
export const WEBSOCKET_ROLE = 'websocket';

/** A token (JWT, HS256) as `pulsar tokens create --subject ROLE` makes it. */
export function signToken(key: Uint8Array, role: string, expiresAt?: Date): string {
  const claims = { sub: role, ...(expiresAt !== undefined && { exp: Math.floor(expiresAt.getTime() / 1_000) }) };
  const signed = [{ alg: 'HS256' }, claims].map((part) => encode(Buffer.from(JSON.stringify(part)))).join('.');
  return `${signed}.${encode(createHmac('sha256', key).update(signed).digest())}`;
}

const encode = (bytes: Buffer): string => bytes.toString('base64url');

/** Settings of a part of Pulsar: who has no token is refused, whose role was granted nothing may do nothing. */
export function access(tokenKeyFile: string, ownRole: string): Record<string, string> {
  return {
    authenticationEnabled: 'true',
    authenticationProviders: 'org.apache.pulsar.broker.authentication.AuthenticationProviderToken',
    tokenSecretKey: pathToFileURL(tokenKeyFile).href,
    authorizationEnabled: 'true',
    superUserRoles: [SUPERUSER, WEBSOCKET_ROLE].join(),
    // Each part is a client of the broker.
    brokerClientAuthenticationPlugin: 'org.apache.pulsar.client.impl.auth.AuthenticationToken',
    brokerClientAuthenticationParameters: `token:${signToken(readFileSync(tokenKeyFile), ownRole)}`,
  };
}
