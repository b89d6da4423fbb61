/** Data that must not be found again where it does not belong. Each value is like no other text of the system. */
export const CANARIES = {
  address: 'Canary-Street-4711',
  sku: 'CANARY-SKU-4712',
  name: 'Canary-Product-4713',
  clientId: '4714987654321012',
  key: 'canary-key-4715',
  token: 'canary-token-4716',
  password: 'canary-password-4717',
  query: 'canary-query-4718',
} as const;

/** The secrets that a text holds, in whatever form: as they are, in hex, in base64, or byte by byte. */
export function secretsIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.join(','), ...[0, 1, 2].map((offset) => base64At(bytes, offset))];
}

/** As it looks in the base64 of a longer text in which it begins at such a byte, without the edges that it shares with others. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  return text.slice(offset === 0 ? 0 : offset + 1, -1);
}
