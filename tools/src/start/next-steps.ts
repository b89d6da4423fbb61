const order = {
  clientId: 7,
  address: 'Av. El Dorado 26, Bogotá',
  currency: 'COP',
  lines: [{ sku: 'CAFE-500', name: 'Café de altura', quantity: 2, unitPrice: 3_490_000 }],
};

/** What to do with a system that has just been started; its lines work when they are pasted into a shell. */
export function nextSteps(url: string): string {
  return `
Alpes runs at ${url}. Ctrl-C stops it. To order, to see what became of it, and to get its report:

  id=$(curl -s ${url}/orders -H 'content-type: application/json' -d '${JSON.stringify(order)}' | node -pe 'JSON.parse(fs.readFileSync(0)).id')
  curl -sw '\\n' ${url}/orders/$id
  curl -s "${url}/report?id=$id"

`;
}
