import { randomUUID } from 'node:crypto';

/** An order as a client of the BFF writes it; 35.97 euros. */
export function anOrder(changes: object = {}): object {
  return {
    clientId: 42,
    address: 'Calle 100 # 8A-55, Bogotá',
    currency: 'EUR',
    lines: [
      { sku: 'COFFEE-1', name: 'Coffee, 500 g', quantity: 2, unitPrice: 1299 },
      { sku: 'MUG-7', name: 'Mug', quantity: 1, unitPrice: 999 },
    ],
    ...changes,
  };
}

/** Sends an order; without a key of one's own under a new one. */
export function postOrder(
  url: string,
  order: object = anOrder(),
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
    body: JSON.stringify(order),
  });
}

/** The id of an order that was accepted. */
export async function acceptedId(response: Response): Promise<string> {
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** An order's status as the BFF tells it; undefined while it has none. */
export async function statusOf(url: string, id: string): Promise<string | undefined> {
  const response = await fetch(`${url}/orders/${id}`);
  return response.ok ? ((await response.json()) as { status: string }).status : undefined;
}

/** Whether an order's life is at an end. */
export async function isFinal(url: string, id: string): Promise<boolean> {
  const status = await statusOf(url, id);
  return status === 'APPROVED' || status === 'REJECTED';
}
