import {
  AlpesError,
  type Catalogue,
  type HeldSchema,
  type MessageSchema,
  schemaOf,
  type SchemaRegistry,
  type Transport,
} from '@alpes/messaging';
import { problemsOf } from './gate.js';

/** The schema of a topic's messages, as the broker has it now. */
export interface Registered {
  readonly topic: string;
  readonly message: string;
  readonly version: number;
  readonly isNew: boolean;
}

/**
 * Creates what the contracts need of a broker and does not exist: topics, subscriptions, dead-letter topics; and registers
 * their schemas, where the broker has a registry, else returns undefined. Safe to repeat. Rejects with `configuration`, and
 * changes nothing, if a schema breaks what the broker holds, or a topic has another number of partitions.
 */
export async function declareTopics(transport: Transport, catalogue: Catalogue): Promise<Registered[] | undefined> {
  const { schemas } = transport;
  const plans = schemas && (await planOf(schemas, catalogue));
  if (plans !== undefined) await refuseBreaks(plans);
  await transport.declare(catalogue.topology());
  return schemas && plans && register(schemas, plans);
}

interface Plan {
  readonly topic: string;
  readonly ours: MessageSchema;
  readonly held: readonly HeldSchema[];
}

function planOf(schemas: SchemaRegistry, { contracts }: Catalogue): Promise<Plan[]> {
  return Promise.all(
    contracts.map(async ({ topic, schema }) => ({
      ...{ topic, ours: schemaOf(schema), held: await schemas.versions(topic) },
    })),
  );
}

async function refuseBreaks(plans: readonly Plan[]): Promise<void> {
  const problems: string[] = [];
  for (const { topic, ours, held } of plans) {
    problems.push(...(await problemsOf(ours, held)).map((problem) => `  ${topic}: ${ours.message} ${problem}`));
  }
  if (problems.length === 0) return;
  const text = `The contract breaks what the broker holds; nothing was created or registered.\n${problems.join('\n')}`;
  throw new AlpesError('configuration', text);
}

async function register(schemas: SchemaRegistry, plans: readonly Plan[]): Promise<Registered[]> {
  const registered: Registered[] = [];
  for (const { topic, ours, held } of plans) {
    const version = await schemas.register(topic, ours);
    registered.push({ topic, message: ours.message, version, isNew: !held.some((one) => one.version === version) });
  }
  return registered;
}
