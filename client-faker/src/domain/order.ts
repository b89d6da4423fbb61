/** What is asked for; prices are in minor units of the currency. */
export interface Order {
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}
