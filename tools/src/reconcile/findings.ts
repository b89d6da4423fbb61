/** How an order, or the system, can be wrong. */
export const kinds = ['missing', 'doubled', 'contradictory', 'stuck', 'dead-lettered'] as const;
export type Kind = (typeof kinds)[number];

interface Meaning {
  readonly kind: Kind;
  /** What to do, or where to look. */
  readonly hint: string;
}

/** Everything that can be found, and what to do about it. */
export const problems = {
  'order-missing': {
    kind: 'missing',
    hint: 'Its command CrearOrden was lost or is dead: look into crear-orden-order-DLQ and the log of the order service.',
  },
  'order-doubled': { kind: 'doubled', hint: 'Table orders has lost its primary key: restore it, keep one row.' },
  'order-not-final': {
    kind: 'stuck',
    hint: 'The order service has not been told of the transaction: look for TransaccionProcesada in the timeline and in transaccion-creada-order-DLQ.',
  },
  'transaction-missing': {
    kind: 'missing',
    hint: 'OrdenCreada did not reach payment: look into orden-creada-payment-DLQ and the log of the payment service.',
  },
  'transaction-doubled': {
    kind: 'doubled',
    hint: 'Table transactions has lost its unique index on order and kind: restore it; see which one was charged.',
  },
  'transaction-disagrees': { kind: 'contradictory', hint: 'Compare both rows with the timeline to see who is wrong.' },
  'transaction-pending': {
    kind: 'stuck',
    hint: 'The gateway has not answered: see the attempts in the timeline and the log of the payment service.',
  },
  'charge-missing': {
    kind: 'missing',
    hint: 'The order counts as paid, but no money was taken: compare with the books of the gateway.',
  },
  'charge-doubled': { kind: 'doubled', hint: 'Money was taken more than once: give it back.' },
  'charge-unwanted': { kind: 'contradictory', hint: 'Money was taken that nobody asked for: give it back.' },
  'charge-disagrees': { kind: 'contradictory', hint: 'Compare the transaction with the books of the gateway.' },
  'report-missing': {
    kind: 'missing',
    hint: 'Look into the dead-letter topics of the subscription reporting and the log of the reporting service.',
  },
  'report-doubled': {
    kind: 'doubled',
    hint: 'Table order_reports has lost its primary key: restore it, keep one row.',
  },
  'report-disagrees': {
    kind: 'contradictory',
    hint: 'An event did not reach reporting, or was applied wrongly: look into its dead-letter topics.',
  },
  'step-missing': {
    kind: 'missing',
    hint: 'Look into the dead-letter topics of the subscription saga-log and the log of the saga-log service.',
  },
  'step-doubled': { kind: 'doubled', hint: 'A service has said the same thing under two ids: look at both steps.' },
  'step-disagrees': { kind: 'contradictory', hint: 'Compare the rows of the order with its timeline.' },
  'cause-missing': {
    kind: 'contradictory',
    hint: 'A step is missing, or a service has named a wrong cause for its message.',
  },
  'trace-foreign': { kind: 'contradictory', hint: 'A service has begun a trace of its own instead of continuing one.' },
  'rows-without-order': {
    kind: 'contradictory',
    hint: 'These rows come of messages about an order that the order service does not have: see who sent them.',
  },
  'ledger-malformed': { kind: 'contradictory', hint: 'Each line of a ledger is the id of an accepted order, a UUID.' },
  'outbox-stuck': {
    kind: 'stuck',
    hint: 'See whether the service runs, whether the broker answers, and what the relay logs.',
  },
  'backlog-stuck': {
    kind: 'stuck',
    hint: 'See whether the service runs, whether its database answers, and what it logs.',
  },
  'not-at-rest': {
    kind: 'stuck',
    hint: 'Somebody goes on sending orders: what is told of the newest may be out of date. Repeat it when nobody does.',
  },
  'dead-letter': {
    kind: 'dead-lettered',
    hint: 'Look at it (npm run dlq -- show), put right what the reason says, and redrive it: docs/how-to/dead-letters.md.',
  },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Problem = keyof typeof problems;

/** One thing that is wrong. */
export interface Finding {
  readonly kind: Kind;
  readonly problem: Problem;
  /** Absent where no order is concerned. */
  readonly orderId?: string;
  /** What is wrong, in plain words. */
  readonly explanation: string;
  readonly hint: string;
}

export function finding(problem: Problem, explanation: string, orderId?: string): Finding {
  const { kind, hint } = problems[problem];
  return { kind, problem, ...(orderId !== undefined && { orderId }), explanation, hint };
}

export function findingIf(condition: boolean, problem: Problem, explanation: string, orderId?: string): Finding[] {
  return condition ? [finding(problem, explanation, orderId)] : [];
}

/** Takes findings one by one: all are counted, of each kind so many are kept. */
export interface Collector {
  add(findings: readonly Finding[]): void;
  readonly counts: Readonly<Record<Kind, number>>;
  /** Sorted by kind. */
  kept(): readonly Finding[];
}

export function createCollector(mostOfEachKind: number): Collector {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  const kept = new Map<Kind, Finding[]>(kinds.map((kind) => [kind, []]));
  return {
    counts,
    add: (findings) => {
      for (const one of findings) {
        counts[one.kind] += 1;
        if (counts[one.kind] <= mostOfEachKind) kept.get(one.kind)?.push(one);
      }
    },
    kept: () => [...kept.values()].flat(),
  };
}
