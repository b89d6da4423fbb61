import { catalogue } from '@alpes/contracts';
import { brokerSettings, connectBroker, readConfig } from '@alpes/service-kit';
import { disordersOn } from '../reconcile/order-on-topics.js';
import { readLedger } from '../reconcile/ledger.js';
import { findPlaces } from '../reconcile/places.js';
import { reconcile, type Verdict } from '../reconcile/reconcile.js';
import { humanReport, mostShown } from '../reconcile/report.js';
import { owners } from '../reconcile/sources.js';
import type { Site } from './site/site.js';

/** What came of it all. */
export interface Judgement {
  readonly orders: Verdict['counts'];
  /** Messages on all topics. */
  readonly messages: number;
  readonly disorders: readonly string[];
  /** Processes that ended without having been killed. */
  readonly exits: readonly string[];
  /** For a person, what is wrong. */
  readonly problems: readonly string[];
}

/** How long in ms the system has to come to rest. */
const WAIT_MS = 240_000;

/** Waits until the system is at rest, and compares what clients were told with all that came of it. */
export async function judge(site: Site, ledger: string): Promise<Judgement> {
  const verdict = await reconcile({
    places: findPlaces(site.system.dataDir, site.straightEnv, owners),
    ledger: await readLedger(ledger),
    ...{ waitMs: WAIT_MS, mostOfEachKind: mostShown, onWait: () => {} },
  });
  const { messages, disorders } = await readTopics(site);
  const exits = exitsIn(site.system.output());
  const problems = [
    ...(verdict.ok ? [] : [humanReport(verdict)]),
    ...disorders.map((text) => `out of order: ${text}`),
    ...exits.map((text) => `ended by itself: ${text}`),
  ];
  return { orders: verdict.counts, messages, disorders, exits, problems };
}

async function readTopics(site: Site): Promise<Awaited<ReturnType<typeof disordersOn>>> {
  const broker = connectBroker(readConfig(brokerSettings, site.straightEnv));
  try {
    return await disordersOn(
      broker,
      catalogue.contracts.map(({ topic }) => topic),
    );
  } finally {
    await broker.close();
  }
}

/** Of what the supervisor says: who is killed ends by a signal, who ends with an exit code has done so himself. */
export const exitsIn = (output: string): string[] => output.match(/[a-z-]+(-\d)? ended \(exit code \d+\)/g) ?? [];
