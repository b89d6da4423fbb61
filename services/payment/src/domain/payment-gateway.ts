/** What a gateway is asked to charge. */
export interface ChargeRequest {
  /** Calls with the same key are one charge. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  /** Minor units of the currency. */
  readonly amount: number;
  readonly currency: string;
  /** Aborted when the caller waits no longer. */
  readonly signal: AbortSignal;
}

export type GatewayAnswer =
  | { readonly outcome: 'approved'; readonly reference: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** Somebody who takes money. */
export interface PaymentGateway {
  /**
   * Asks for a charge and gives what the gateway says to `answer`, at least once before it resolves; networks repeat
   * things, so it may be more often, and later. `answer` resolves when the answer is recorded. However often one
   * idempotency key is asked for, one after the other or at the same time, there is one charge, and every answer is the
   * same. An amount of 0 is approved. Rejects with `unavailable` when the gateway is away or the signal is aborted:
   * then nothing is known of the charge, and asking again with the same key is safe.
   */
  charge(request: ChargeRequest, answer: (answer: GatewayAnswer) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
