import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../postgres/ports.js';
import { untilAnswers } from '../until-answers.js';
import { prometheusApi, type PrometheusApi } from './api.js';

/** A process whose metrics are read. */
export interface Target {
  /** As `order`: the label `service` of what is known of it while it does not answer. */
  readonly service: string;
  /** Its label `instance`, such as `order-1`. */
  readonly instance: string;
  /** On the loopback interface. */
  readonly port: number;
}

export interface PrometheusOptions {
  readonly targets: readonly Target[];
  /** The text of a file of rules. */
  readonly rules?: string;
  /** Time in ms between two readings of a process; 1,000 by default. The rules are evaluated as often, unless they say otherwise. */
  readonly everyMs?: number;
}

/** A Prometheus of our own, with its data in a temporary folder. */
export interface Prometheus extends PrometheusApi {
  readonly url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Whether there is a Prometheus on the PATH, with its tool that checks rules. */
export function hasPrometheus(): boolean {
  return ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** The targets of a system, as `system.json` names its processes. */
export function targetsOf({
  processes,
}: {
  readonly processes: readonly { readonly name: string; readonly port: number }[];
}): Target[] {
  return processes.map(({ name, port }) => ({ service: name.replace(/-\d+$/, ''), instance: name, port }));
}

/** Longest time in ms that a start takes on a machine that has other things to do. */
const START_MS = 60_000;

/**
 * Starts the Prometheus on the PATH, which reads these targets and evaluates these rules from now on; see {@link hasPrometheus}.
 *
 * @throws Error with what it said when it does not start
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-prometheus-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = launch(folder, port, options);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(child, { name: 'Prometheus', url: `${url}/-/ready`, timeoutMs: START_MS });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, ...prometheusApi(url), stop };
}

function launch(folder: string, port: number, { targets, rules, everyMs = 1_000 }: PrometheusOptions): ChildProcess {
  const config = join(folder, 'prometheus.yml');
  if (rules !== undefined) writeFileSync(join(folder, 'rules.yml'), rules);
  const scrape = {
    scrape_interval: `${everyMs}ms`,
    scrape_timeout: `${everyMs}ms`,
    evaluation_interval: `${everyMs}ms`,
  };
  const one = ({ service, instance, port: target }: Target) => ({
    ...{ targets: [`127.0.0.1:${target}`], labels: { service, instance } },
  });
  // JSON is YAML too.
  const text = JSON.stringify({
    global: scrape,
    rule_files: rules === undefined ? [] : [join(folder, 'rules.yml')],
    scrape_configs: [{ job_name: 'alpes', honor_labels: true, static_configs: targets.map(one) }],
  });
  writeFileSync(config, text);
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const web = [`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'];
  return spawn('prometheus', [...flags, ...web], { stdio: ['ignore', 'ignore', 'pipe'] });
}
