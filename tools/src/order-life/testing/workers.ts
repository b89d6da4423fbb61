import type { Attempt } from '../../../../services/payment/src/use-cases/record-attempts.js';
import { gatewayLine } from './gateway-line.js';
import { createPaymentWorker, type PaymentWorker } from './payment-worker.js';
import type { Mortal } from './turns.js';
import type { LifeWorld } from './world.js';

/** Takes the seat, whoever sat there: each worker that enters is another process. */
export function enterWorker(world: LifeWorld, seat: number): void {
  const { theatre, turns, payments } = world;
  const { saw } = theatre;
  world.entered += 1;
  world.workers[seat] = createPaymentWorker({
    ...{ name: `worker ${world.entered}`, service: payments, turns, saw },
    gateway: (caller: Mortal) => gatewayLine({ ...{ turns, caller, saw }, gateway: world.gateway }),
    claimed: (worker, id) => {
      const isShared = world.workers.some((other) => other !== worker && other.inHand.has(id));
      if (isShared) saw('two workers held one transaction');
    },
    recording: (attempts, record) => recording(world, attempts, record),
  });
}

async function recording(
  { model, theatre, payments }: LifeWorld,
  attempts: readonly Attempt[],
  record: () => Promise<void>,
): Promise<void> {
  const before = payments.database.rows();
  for (const { claimed, outcome } of attempts) {
    const now = before.get(claimed.id)?.transaction;
    if (now?.state !== 'PENDING' || now.lease === claimed.lease) continue;
    if (outcome.kind === 'answered') theatre.saw('an answer was recorded by one who had lost the lease');
    if (outcome.kind === 'failed') theatre.saw('a failure was told by one who had lost the lease');
  }
  try {
    await record();
  } finally {
    model.recorded(attempts, before, payments.database.rows());
  }
}

/** Whoever is at the seat dies, and another one takes it. */
export function killWorker(world: LifeWorld, seat: number): void {
  const worker = world.workers[seat];
  if (worker === undefined) return;
  const steps = world.turns.all().flatMap(({ who, step }) => (who === worker ? [step] : []));
  if (steps.includes('request')) world.theatre.saw('a worker was killed before the charge');
  if (steps.some((step) => step !== 'request'))
    world.theatre.saw('a worker was killed after the charge, before its record');
  world.story.push(`${worker.name} is killed`);
  world.turns.kill(worker);
  enterWorker(world, seat);
}

/** Whoever is at the seat gives up its calls, and has that recorded while another one is there already. */
export function stopWorker(world: LifeWorld, seat: number): void {
  const worker: PaymentWorker | undefined = world.workers[seat];
  if (worker === undefined) return;
  if (worker.inHand.size > 0) world.theatre.saw('a worker was stopped during a call');
  world.story.push(`${worker.name} is told to stop`);
  worker.stop();
  enterWorker(world, seat);
}
