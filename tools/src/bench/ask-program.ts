import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The compiled ones, also when this file runs from its source (in tests).
const programs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'bench');

/**
 * Starts a program of the bench, a process of its own, hands it its task and resolves to what it answers; rejects if it ends
 * without an answer. Its CPU and its pauses are then not those of whoever measures.
 */
export function askProgram<Answer>(file: string, task: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(join(programs, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    child.once('message', (answer) => resolve(answer as Answer));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${file} ended without an answer (${signal ?? code})`)));
    child.send(task);
  });
}

/** What such a program does: takes its task, answers, and ends. */
export function answerTask(work: (task: never) => Promise<object>): void {
  process.once('message', (task) => {
    void work(task as never)
      .then((answer) => process.send?.(answer, () => process.exit(0)))
      .catch((error: unknown) => {
        process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
        process.exit(1);
      });
  });
  // Who asked is gone.
  process.once('disconnect', () => process.exit(1));
}
