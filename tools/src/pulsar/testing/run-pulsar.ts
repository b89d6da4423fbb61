import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiled by `npm run setup`, as it is run by everybody. */
const program = fileURLToPath(new URL('../../../dist/pulsar/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run pulsar`, under way. */
export interface RunningKeeper {
  readonly ended: Promise<Ended>;
  /** What it has said until now beside its result. */
  said(): string;
  /** Resolves to what it prints for people once the broker is ready; rejects if it ends before. */
  ready(): Promise<string>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Runs `npm run pulsar` on the data in a folder. */
export function startKeeper(dataDir: string, env: Readonly<Record<string, string>> = {}): RunningKeeper {
  const settings = { DATA_DIR: dataDir, PULSAR_PORT: '0', PULSAR_HTTP_PORT: '0', ...env };
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const isReady = new Promise<string>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.includes('npm start')) resolve(out);
    });
  });
  // Its broker, which holds neither of the two, may go on without it.
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  const endedTooSoon = async (): Promise<never> => {
    throw new Error(`npm run pulsar has ended: ${(await ended).err}`);
  };
  return {
    ended,
    said: () => err,
    ready: () => Promise.race([isReady, endedTooSoon()]),
    kill: (signal) => void child.kill(signal),
  };
}
