import { type BrokerChoice, brokerOptions, PROTOCOLS, readBrokerChoice } from '../../broker-choice.js';
import { parseCommandLine, wholeNumber } from '../../command-line.js';
import { benchFolder } from './report-file.js';

/** What `npm run bench` was told. */
export interface Arguments {
  readonly broker: BrokerChoice;
  /** Orders per second; the largest rate that is sustained unless told. */
  readonly rate: number | undefined;
  /** How long each rate is tried. */
  readonly seconds: number;
  /** How often each figure is taken; the median is told. */
  readonly runs: number;
  /** Whether the processes are profiled, which makes them slower. */
  readonly profile: boolean;
  /** How many stored orders there are in the end, where it is measured what more of them cost. */
  readonly grow: number | undefined;
  /** Where reports are kept. */
  readonly folder: string;
}

export const systemUsage = `  npm run bench -- [--broker URL | --pulsar PROTOCOL] [--rate R] [--seconds S] [--runs N] [--profile]
  npm run bench -- --grow [--stored N] […]

  --broker URL        on the Pulsar that is there: ws://…, wss://…, pulsar://… or pulsar+ssl://…
  --pulsar PROTOCOL   on a Pulsar that is started for it: ${PROTOCOLS.join(', ')}; without both on a log in PostgreSQL
  --rate R            orders per second; the largest rate that is sustained unless told
  --seconds S         how long each rate is tried; 15 unless told
  --runs N            how often each figure is taken, of which the median is told; 3 unless told
  --profile           says where the time goes, by function and by statement
  --grow              instead of that: the figures with few stored orders and with many
  --stored N          how many; 1,000,000 unless told
`;

const options = {
  ...brokerOptions,
  rate: { type: 'string' },
  seconds: { type: 'string', default: '15' },
  runs: { type: 'string', default: '3' },
  profile: { type: 'boolean', default: false },
  grow: { type: 'boolean', default: false },
  stored: { type: 'string', default: '1000000' },
} as const;

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  return {
    broker: readBrokerChoice(values),
    rate: values.rate === undefined ? undefined : wholeNumber('--rate', values.rate),
    seconds: wholeNumber('--seconds', values.seconds),
    runs: wholeNumber('--runs', values.runs),
    profile: values.profile,
    grow: values.grow ? wholeNumber('--stored', values.stored) : undefined,
    folder: benchFolder(env),
  };
}
