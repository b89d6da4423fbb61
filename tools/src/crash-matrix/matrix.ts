import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arguments } from './arguments.js';
import { controls } from './controls/index.js';
import { finding } from './findings.js';
import type { Outcome, Workshop } from './outcome.js';
import { runPayment } from './payment/run.js';
import { runPipeline } from './pipeline/run.js';
import { describeFailure, describeKept } from './report.js';
import { isClean, type Result, resultOf, type Results } from './results.js';
import { type Cell, type Forced, PAYMENT_POINTS, type Scenario, scenarioOf } from './scenario.js';

export interface MatrixOptions {
  readonly args: Arguments;
  readonly workshop: Workshop;
  /** Those of an earlier start, if they are kept. */
  readonly earlier: Results | undefined;
  readonly say: (text: string) => void;
}

/** How often one who waits is told how far it is, in ms. */
const TELL_EVERY_MS = 15_000;

/** Every run of the matrix, some at a time. With a control it ends at the first that is not clean. */
export async function runMatrix(options: MatrixOptions): Promise<readonly Result[]> {
  const { args, earlier, say } = options;
  const cells = cellsOf(args);
  const known = cells.flatMap((cell) => earlier?.of(cell) ?? []);
  if (known.length > 0) say(describeKept(known, args));
  const todo = cells.filter((cell) => earlier?.of(cell) === undefined);
  const results: Result[] = [];
  const begunAt = performance.now();
  let toldAt = begunAt;
  const tell = (): void => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    const each = (toldAt - begunAt) / results.length / 1_000;
    say(`${results.length} of ${todo.length} runs, ${each.toFixed(2)} s each`);
  };
  let failed = false;
  const lane = async (queue: Cell[]): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      if (failed && args.control !== undefined) return;
      const result = await runCell(cell, options);
      results.push(result);
      earlier?.add(result);
      failed ||= !isClean(result);
      tell();
    }
  };
  for (const { queue, lanes } of phasesOf(todo, args)) {
    await Promise.all(Array.from({ length: lanes }, () => lane(queue)));
  }
  return [...known, ...results];
}

/** All runs have one broker: when it dies nobody else is to run. A control begins where it shows. */
function phasesOf(cells: readonly Cell[], { jobs, control }: Arguments): { queue: Cell[]; lanes: number }[] {
  if (control !== undefined) return [{ queue: [...cells], lanes: 1 }];
  const isDeath = ({ action }: Cell): boolean => action === 'broker';
  return [
    { queue: cells.filter((cell) => !isDeath(cell)), lanes: jobs },
    { queue: cells.filter(isDeath), lanes: 1 },
  ];
}

/** Seed by seed, so that every point has had its turn early. A control begins where it shows. */
function cellsOf({ seeds, firstSeed, points, actions, control }: Arguments): Cell[] {
  const numbers = Array.from({ length: seeds }, (_, index) => firstSeed + index);
  const cells = numbers.flatMap((seed) =>
    points.flatMap((point) => actions.map((action) => ({ point, action, seed }))),
  );
  if (control === undefined) return cells;
  const { reveals } = controls[control];
  const isFirst = ({ point, action }: Cell): boolean => point === reveals.point && action === reveals.action;
  const inPipeline = cells.filter(({ point }) => !PAYMENT_POINTS.includes(point));
  return [...inPipeline.filter(isFirst), ...inPipeline.filter((cell) => !isFirst(cell))];
}

async function runCell(cell: Cell, { args, workshop, say }: MatrixOptions): Promise<Result> {
  const begunAt = performance.now();
  const scenario = scenarioOf(cell, forcedBy(args));
  const outcome = await run(scenario, workshop);
  const result = resultOf(cell, outcome, performance.now() - begunAt);
  if (!isClean(result)) {
    const text = describeFailure(cell, outcome.findings, args);
    say(`${text}\n  log: ${keepLog(args.folder, scenario, outcome, text)}`);
  }
  return result;
}

const forcedBy = ({ control }: Arguments): Forced => (control === undefined ? {} : controls[control].reveals.forced);

async function run(scenario: Scenario, workshop: Workshop): Promise<Outcome> {
  const { victim } = scenario;
  try {
    return victim === 'payment' ? await runPayment(scenario, workshop) : await runPipeline(scenario, victim, workshop);
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { crashed: false, messages: 0, findings: [finding('unsettled', text)], log: [] };
  }
}

/** All that the processes of a run wrote that was not clean. */
function keepLog(folder: string, scenario: Scenario, { findings, log }: Outcome, text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${scenario.point}-${scenario.action}-${scenario.seed}.log`);
  const all = findings.map(({ kind, text: what }) => `${kind} ${what}`);
  writeFileSync(file, [text, JSON.stringify(scenario, undefined, 2), ...all, '', ...log, ''].join('\n'));
  return file;
}
