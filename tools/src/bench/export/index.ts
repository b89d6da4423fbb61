import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { parseCommandLine, wholeNumber, WrongArguments } from '../../command-line.js';
import { watchCpu } from '../cpu.js';
import { type Rig, startRig } from '../rig.js';
import { using } from '../using.js';
import { fillReports } from './fill.js';
import { growthDuring } from './memory.js';

const options = { rows: { type: 'string', default: '1000000' }, format: { type: 'string', default: 'csv' } } as const;

/** `npm run bench -- export [--rows N] [--format csv|json]`: exports many reports. */
export async function benchExport(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  const format = formats.find((name) => name === values.format);
  if (format === undefined)
    throw new WrongArguments(`--format is "${values.format}": it is one of ${formats.join(', ')}`);
  process.stdout.write(`${describe(await measure({ rows: wholeNumber('--rows', values.rows), format }))}\n`);
  return 0;
}

const formats = ['csv', 'json'] as const;

/** The two processes through which an export goes. */
const exporters = ['reporting', 'bff'] as const;
type Exporter = (typeof exporters)[number];

interface ExportOptions {
  /** How many reports there are. */
  readonly rows: number;
  readonly format: (typeof formats)[number];
}

/** Of one export of all reports through one of the processes. */
interface ExportFigure {
  /** Who was asked: the reporting service itself, or the BFF, which asks it. */
  readonly through: Exporter;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly megabytes: number;
  /** By how much the memory of each grew at most, in MB. */
  readonly growthMb: Readonly<Record<Exporter, number>>;
  /** What each needed of a core, in seconds: on a machine that is busy besides it says more than the time. */
  readonly cpuSeconds: Readonly<Record<Exporter, number>>;
}

interface ExportFigures extends ExportOptions {
  readonly figures: readonly ExportFigure[];
}

/**
 * The first 104,400 rows are exported beforehand: by then the heap of a process has had its first full collection, before
 * which it grows by whatever it does.
 */
const warmUpTo = '2026-01-02T05:00:00Z';

/**
 * Exports all reports of a large table, from the reporting service and through the BFF, as processes of their own on a
 * PostgreSQL of their own. Rejects if an answer is not whole.
 */
async function measure({ rows, format }: ExportOptions): Promise<ExportFigures> {
  const figures: ExportFigure[] = [];
  await using(
    () => startRig(exporters),
    async (rig) => {
      await fillReports(rig.databases.reporting, rows);
      for (const through of exporters) figures.push(await exportOnce(rig, through, { rows, format }));
    },
  );
  return { rows, format, figures };
}

async function exportOnce(
  rig: Rig<Exporter>,
  through: Exporter,
  { rows, format }: ExportOptions,
): Promise<ExportFigure> {
  const pids = (): Record<Exporter, number> => {
    const { postgres: _server, ...exporting } = rig.pids();
    return exporting;
  };
  const url = `${rig.urls[through]}/reports/orders?format=${format}`;
  await read(`${url}&to=${warmUpTo}`);
  const usedBy = watchCpu(pids);
  const begunAt = performance.now();
  const { result, growthMb } = await growthDuring(pids(), () => read(url));
  const seconds = (performance.now() - begunAt) / 1_000;
  // A CSV has its header, a JSON its brackets.
  const found = result.lines - (format === 'csv' ? 1 : 2);
  if (found !== rows) throw new Error(`${found} rows came through ${through}, not ${rows}`);
  return {
    ...{ through, seconds, rowsPerSecond: rows / seconds, megabytes: result.bytes / 1e6 },
    ...{ growthMb, cpuSeconds: usedBy() },
  };
}

/** Reads an answer to its end, and keeps nothing of it. */
async function read(url: string): Promise<{ readonly lines: number; readonly bytes: number }> {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${url} was answered ${response.statusCode}`);
  let [lines, bytes] = [0, 0];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return { lines, bytes };
}

/** As a person reads it. */
function describe({ rows, format, figures }: ExportFigures): string {
  const lines = figures.map(({ through, seconds, rowsPerSecond, megabytes, growthMb, ...figure }) => {
    const growth = Object.entries(growthMb).map(([name, mb]) => `${name} +${mb.toFixed(0)} MB`);
    const rate = `${Math.round(rowsPerSecond).toLocaleString('en')} rows/s, ${(megabytes / seconds).toFixed(0)} MB/s`;
    const cpu = Object.entries(figure.cpuSeconds).map(([name, used]) => `${name} ${used.toFixed(1)} s`);
    const time = `${through.padEnd(10)} ${seconds.toFixed(1)} s`;
    return `  through ${time}  ${rate}  memory: ${growth.join(', ')}  CPU: ${cpu.join(', ')}`;
  });
  return [`export of ${rows.toLocaleString('en')} reports as ${format}`, ...lines].join('\n');
}
