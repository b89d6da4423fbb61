import { type BrokerChoice, brokerOptions, readBrokerChoice } from '../../broker-choice.js';
import { parseCommandLine, wholeNumber } from '../../command-line.js';
import { benchFolder } from '../system/report-file.js';

/** What `npm run bench -- scaling` was told. */
export interface ScalingArguments {
  readonly broker: BrokerChoice;
  /** How long in ms the gateway takes for a call. */
  readonly latencyMs: number;
  readonly seconds: number;
  readonly runs: number;
  readonly folder: string;
}

const options = {
  ...brokerOptions,
  latency: { type: 'string', default: '200' },
  seconds: { type: 'string', default: '10' },
  runs: { type: 'string', default: '3' },
} as const;

/** Reads the command line; throws WrongArguments. */
export function readScalingArguments(args: readonly string[], env: NodeJS.ProcessEnv): ScalingArguments {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  return {
    broker: readBrokerChoice(values),
    latencyMs: wholeNumber('--latency', values.latency),
    seconds: wholeNumber('--seconds', values.seconds),
    runs: wholeNumber('--runs', values.runs),
    folder: benchFolder(env),
  };
}
