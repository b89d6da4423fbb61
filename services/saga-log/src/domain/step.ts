/** One step in the life of an order: a message that some service sent. */
export interface Step {
  readonly messageId: string;
  readonly orderId: string;
  /** When the message was made, by the clock of its service. */
  readonly at: Date;
  /** The service that sent it. */
  readonly service: string;
  /** Name of the message, such as OrdenCreada. */
  readonly message: string;
  /** What it led to, such as APPROVED. */
  readonly state: string;
  /** What a person should know beside; empty where there is nothing. */
  readonly detail: string;
  /** The message or request that led to it. */
  readonly causationId: string | null;
  readonly correlationId: string;
  readonly traceId: string;
  /** The order's version after the step; null where the step is not the order's own. */
  readonly orderVersion: number | null;
}
