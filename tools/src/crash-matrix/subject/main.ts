// A process of the pipeline: idle until it is told which stage to be, and again once it is told to stop.
import { armCrashPoint } from '@alpes/messaging';
import type { Command, Orders, Report } from './protocol.js';
import { type RunningStage, startStage } from './service.js';

let running: RunningStage | undefined;
const report = (said: Report): void => void process.send?.(said);

function start(orders: Orders): void {
  if (orders.crash !== undefined) armCrashPoint(orders.crash);
  running = startStage(orders);
  report({ type: 'started' });
}

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
  report({ type: 'idle' });
}

function obey(command: Command): void {
  switch (command.type) {
    case 'start':
      return start(command.orders);
    case 'transfers':
      running?.transfer(command.transfers, command.holdMs).then(
        (numbers) => report({ type: 'accepted', id: command.id, numbers }),
        () => report({ type: 'refused', id: command.id }),
      );
      return;
    case 'ping':
      return report({ type: 'alive' });
    case 'stop':
      void stop();
  }
}

process.on('message', obey);
process.on('disconnect', () => process.exit(0));
// Ctrl-C is for the matrix, which then ends its processes, also those that stand still.
process.on('SIGINT', () => {});
report({ type: 'idle' });
