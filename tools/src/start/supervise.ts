import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { restartDelays } from './backoff.js';
import { untilReady } from './health.js';
import { eachLine, type LogSink } from './log-sink.js';
import { reachableHost, root, type ProcessSpec } from './system.js';

/** A process that is started again whenever it ends without having been asked to. */
export interface Supervised {
  readonly spec: ProcessSpec;
  /** Undefined between two lives. */
  readonly pid: () => number | undefined;
  /** The end of its start: ready for work, or failed, with what it said about that. */
  readonly started: Promise<StartResult>;
  /** Asks it to end (SIGTERM), and resolves when it has. */
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export type StartResult = { readonly ready: true } | { readonly ready: false; readonly said: string };

export interface SuperviseOptions {
  readonly sink: LogSink;
  /** Told whenever it has another pid. */
  readonly onChange: () => void;
  /** How long in ms its first start may take. */
  readonly startMs: number;
}

interface Life {
  readonly child: ChildProcess;
  readonly since: number;
  readonly ended: Promise<void>;
  /** Its error output, which says why it did not start. */
  readonly said: string[];
  ready: boolean;
}

/** Starts a process and keeps it alive until it is stopped. */
export function supervise(spec: ProcessSpec, { sink, onChange, startMs }: SuperviseOptions): Supervised {
  const delayAfter = restartDelays();
  const { promise: started, resolve: settle } = deferred<StartResult>();
  let first = true;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let life = begin();

  function begin(): Life {
    const next = launch(spec, sink, first);
    void next.ended.then(() => ended(next));
    void watchReadiness(next, spec).then(() => next.ready && becameReady(next));
    return next;
  }

  function becameReady({ child, said }: Life): void {
    if (first) for (const line of said) sink.line(spec.name, line, true);
    else sink.say('info', `${spec.name} is back, as process ${child.pid}`);
    first = false;
    settle({ ready: true });
  }

  function ended({ child, since, said }: Life): void {
    if (stopping) return;
    const cause = child.signalCode ?? `exit code ${child.exitCode}`;
    // Who ends by itself, with a reason, before it ever worked would do so again.
    if (first && child.signalCode === null) {
      settle({ ready: false, said: said.join('\n') || `${spec.name} ended with ${cause}` });
      return;
    }
    const delay = delayAfter(Date.now() - since);
    sink.say('warn', `${spec.name} ended (${cause}): starting it again in ${delay} ms`);
    timer = setTimeout(() => {
      life = begin();
      onChange();
    }, delay);
  }

  setTimeout(() => settle({ ready: false, said: `${spec.name} was not ready within ${startMs} ms` }), startMs).unref();
  return {
    spec,
    started,
    pid: () => (isAlive(life.child) ? life.child.pid : undefined),
    stop: () => {
      stopping = true;
      clearTimeout(timer);
      life.child.kill('SIGTERM');
      return life.ended;
    },
    kill: () => kill(life.child),
  };
}

/** `hold`: what it writes to stderr is kept until it is ready; if it never is, that is told once for all processes. */
function launch(spec: ProcessSpec, sink: LogSink, hold: boolean): Life {
  const program = join(root, spec.program);
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    cwd: root,
    env: { ...process.env, ...spec.env, PORT: String(spec.port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A terminal's Ctrl-C reaches the whole process group; the order in which things end is ours to say.
    detached: true,
  });
  // `close`, not `exit`: then all that it wrote has been read.
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const life: Life = { child, since: Date.now(), ended, said: [], ready: false };
  sink.follow(spec.name, child.stdout);
  eachLine(child.stderr, (line) => {
    if (hold && !life.ready) life.said.push(line);
    else sink.line(spec.name, line, true);
  });
  return life;
}

/** Ready is who says so and then stands up to the question. */
async function watchReadiness(life: Life, spec: ProcessSpec): Promise<void> {
  const port = await new Promise<number | undefined>((resolve) => {
    void life.ended.then(() => resolve(undefined));
    life.child.on('message', (message: { type?: string; port?: number }) => {
      if (message.type === 'ready') resolve(message.port);
    });
  });
  if (port === undefined) return;
  const host = reachableHost(spec.env['HOST'] ?? '127.0.0.1');
  life.ready = await untilReady(`http://${host}:${port}`, () => !isAlive(life.child));
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** The whole group, so that nothing that it started outlives it. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || !isAlive(child)) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((accept) => (resolve = accept));
  return { promise, resolve };
}
