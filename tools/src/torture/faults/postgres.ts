import { setTimeout as delay } from 'node:timers/promises';
import type { FaultKind } from './fault.js';

/** How PostgreSQL's server ends. */
const ENDS = {
  'postgres-killed': { signal: 'SIGKILL', text: 'is killed, without a word to its clients' },
  'postgres-crashed': { signal: 'SIGQUIT', text: 'ends without a checkpoint, as in a crash' },
  'postgres-restarted': { signal: 'SIGINT', text: 'is shut down in good order, and started again' },
} as const;

const RETURN_MS = 120_000;

/** PostgreSQL ends, with the databases of all, and is started again. */
export function endOfPostgres(name: keyof typeof ENDS): FaultKind {
  const { signal, text } = ENDS[name];
  return {
    name,
    weight: 1,
    victims: () => ['PostgreSQL'],
    prepare: () => ({
      text,
      play: async ({ postgres }) => {
        const pid = postgres.serverPid();
        try {
          process.kill(pid, signal);
        } catch {
          return 'it had just ended';
        }
        const deadline = Date.now() + RETURN_MS;
        while (postgres.serverPid() === pid && Date.now() < deadline) await delay(20);
        return undefined;
      },
    }),
  };
}
