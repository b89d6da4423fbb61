import { differences } from './differences.js';
import { isFinal, type OrderRow, type StepRow, type TransactionRow } from './facts.js';
import { type Finding, findingIf } from './findings.js';

interface ExpectedStep {
  readonly message: string;
  readonly state: string;
}

/** The steps that an order and its transaction must have left; those of other messages may be among them, in any number. */
function expectedSteps({ status }: OrderRow, transaction: TransactionRow | undefined): ExpectedStep[] {
  const outcome = transaction?.state ?? status;
  return [
    { message: 'CrearOrden', state: 'PENDING' },
    { message: 'OrdenCreada', state: 'PENDING' },
    ...(isFinal(outcome) ? [{ message: 'TransaccionProcesada', state: outcome }] : []),
    ...(isFinal(status) ? [{ message: 'OrdenActualizada', state: status }] : []),
  ];
}

/** Whether the timeline of an order is whole: each step once, each with its cause, all in one trace. */
export function judgeTimeline(
  order: OrderRow,
  transaction: TransactionRow | undefined,
  steps: readonly StepRow[],
): Finding[] {
  const { orderId } = order;
  const expected = expectedSteps(order, transaction).map((step) => ({
    ...step,
    found: steps.filter(({ message }) => message === step.message),
  }));
  const missing = expected.filter(({ found }) => found.length === 0).map(({ message }) => message);
  const doubled = expected
    .filter(({ found }) => found.length > 1)
    .map(({ message, found }) => `${message} ${found.length} times`);
  const wrong = differences(
    expected.flatMap(({ message, state, found }) =>
      found.map((step) => ({ name: `the state of ${message}`, is: step.state, shouldBe: state })),
    ),
  );
  return [
    ...findingIf(missing.length > 0, 'step-missing', `Its timeline has no ${missing.join(', ')}.`, orderId),
    ...findingIf(doubled.length > 0, 'step-doubled', `Its timeline has ${doubled.join(', ')}.`, orderId),
    ...findingIf(wrong !== '', 'step-disagrees', `Its timeline does not agree with it: ${wrong}.`, orderId),
    ...judgeCauses(orderId, steps),
    ...judgeTraces(orderId, steps),
  ];
}

/** The command comes of a request, which is no step; everything else of another step. */
function judgeCauses(orderId: string, steps: readonly StepRow[]): Finding[] {
  const known = new Set(steps.map(({ messageId }) => messageId));
  const isCaused = ({ messageId, causationId }: StepRow): boolean =>
    causationId !== null && causationId !== messageId && known.has(causationId);
  const uncaused = steps
    .filter((step) => step.message !== 'CrearOrden' && !isCaused(step))
    .map(({ message, causationId }) => `${message} (${causationId ?? 'none named'})`)
    .join(', ');
  const text = `Steps name a cause that is not in the timeline: ${uncaused}.`;
  return findingIf(uncaused !== '', 'cause-missing', text, orderId);
}

function judgeTraces(orderId: string, steps: readonly StepRow[]): Finding[] {
  const origin = steps.find(({ message }) => message === 'CrearOrden') ?? steps[0];
  const foreign = steps
    .filter(({ traceId }) => traceId !== origin?.traceId)
    .map(({ message, traceId }) => `${message} (${traceId})`)
    .join(', ');
  const text = `Steps are in another trace than ${origin?.traceId}: ${foreign}.`;
  return findingIf(foreign !== '', 'trace-foreign', text, orderId);
}
