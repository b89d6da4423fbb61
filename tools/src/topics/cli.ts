// `npm run topics`: the step of a deployment that comes first. Creates topics and subscriptions, and registers schemas.
import { catalogue } from '@alpes/contracts';
import { AlpesError } from '@alpes/messaging';
import { brokerSettings, connectBroker, readConfig } from '@alpes/service-kit';
import { parseArgs } from 'node:util';
import { declareTopics } from './declare-topics.js';
import { report } from './report.js';
import { WrongArguments } from '../wrong-arguments.js';

const usage = `Usage: npm run topics

Creates all topics and subscriptions that do not exist, and registers the schemas of their messages. The broker is told by
BROKER_URL and what belongs to it: docs/pulsar.md. Ends with 0 if all is there; with 1 if something is refused or out of
reach; with 2 if the command line can't be understood.
`;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** Throws WrongArguments if there are any. */
function readArguments(args: string[]): void {
  try {
    parseArgs({ args, options: {}, strict: true });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    readArguments(args);
    await declare(env);
    return 0;
  } catch (error) {
    if (error instanceof WrongArguments) {
      tell(`${error.message}\n\n${usage}`);
      return 2;
    }
    tell(error instanceof AlpesError ? error.message : String((error as Error).stack ?? error));
    return 1;
  }
}

async function declare(env: NodeJS.ProcessEnv): Promise<void> {
  const transport = connectBroker(readConfig(brokerSettings, env));
  try {
    process.stdout.write(report(catalogue, await declareTopics(transport, catalogue)));
  } finally {
    await transport.close();
  }
}

process.exitCode = await main(process.argv.slice(2), process.env);
