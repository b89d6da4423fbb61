// `npm run topics`: the step of a deployment that comes first. Creates topics and subscriptions, and registers schemas.
import { catalogue } from '@alpes/contracts';
import { brokerSettings, connectBroker, readConfig } from '@alpes/service-kit';
import { declareTopics } from './declare-topics.js';
import { report } from './report.js';
import { parseCommandLine, runCommandLine } from '../command-line.js';

const usage = `Usage: npm run topics

Creates all topics and subscriptions that do not exist, and registers the schemas of their messages. The broker is told by
BROKER_URL and what belongs to it: docs/pulsar.md. Ends with 0 if all is there; with 1 if something is refused or out of
reach; with 2 if the command line can't be understood.
`;

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  parseCommandLine(args, {});
  await declare(env);
  return 0;
}

async function declare(env: NodeJS.ProcessEnv): Promise<void> {
  const transport = connectBroker(readConfig(brokerSettings, env));
  try {
    process.stdout.write(report(catalogue, await declareTopics(transport, catalogue)));
  } finally {
    await transport.close();
  }
}

process.exitCode = await runCommandLine(usage, main);
