import { SingleBar } from 'cli-progress';

/** Shows how far something has come. */
export interface Progress {
  update(done: number, note: string): void;
  stop(): void;
}

/** How often a line is written where no bar can be drawn, in ms. */
const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, elsewhere a line every few seconds. */
export function showProgress(name: string, total: number, out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bar(name, total, out) : lines(name, total, out);
}

function bar(name: string, total: number, stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar({
    format: `${name} {bar} {value}/{total} {note}`,
    ...{ stream, fps: 10, barsize: 30, barCompleteChar: '█', barIncompleteChar: '░' },
    // Ctrl-C is answered with a summary, which the bar must not overtake.
    gracefulExit: false,
  });
  single.start(total, 0, { note: '' });
  return {
    update: (done, note) => {
      single.update(done, { note });
    },
    stop: () => {
      single.stop();
    },
  };
}

function lines(name: string, total: number, out: NodeJS.WriteStream): Progress {
  let last = { done: 0, note: '' };
  const write = (): void => void out.write(`${name} ${last.done}/${total} ${last.note}\n`);
  const timer = setInterval(write, LINE_EVERY_MS);
  return {
    update: (done, note) => {
      last = { done, note };
    },
    stop: () => {
      clearInterval(timer);
      write();
    },
  };
}
