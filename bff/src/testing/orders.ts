/** A body of `POST /orders` that nothing is wrong with. */
export const goodOrder = {
  clientId: 42,
  address: 'Calle "Mayor" 1, 2º\n28013 Madrid 🏔',
  currency: 'EUR',
  lines: [
    { sku: 'A-1', name: 'Café, molido', quantity: 2, unitPrice: 1_250 },
    { sku: 'B-2', name: 'Taza', quantity: 1, unitPrice: 0 },
  ],
};

const [firstLine] = goodOrder.lines;

/** The good order with its first line changed. */
export function withLine(change: object): object {
  return { ...goodOrder, lines: [{ ...firstLine, ...change }] };
}

/** The good order without one of its fields. */
export function without(field: keyof typeof goodOrder): object {
  return Object.fromEntries(Object.entries(goodOrder).filter(([name]) => name !== field));
}
