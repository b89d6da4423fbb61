import { catalogue } from '@alpes/contracts';
import { ERROR_CODES, LETTER_STATES } from '@alpes/messaging';
import { resolve } from 'node:path';
import { parseCommandLine, WrongArguments } from '../command-line.js';

/** Which letters are meant; times as ISO 8601 in UTC. */
export interface Selection {
  readonly topic?: string;
  readonly reason?: string;
  readonly from?: string;
  readonly to?: string;
  readonly ids?: readonly string[];
}

/** Where the services are. */
export interface Where {
  /** A service outside of a system that `npm start` has started. */
  readonly url?: string;
  readonly dataDir: string;
  /** Those that are asked; none where the URL says who. */
  readonly subscriptions: readonly string[];
  readonly json: boolean;
}

export type Command = Where &
  (
    | { readonly name: 'list'; readonly selection: Selection; readonly states: readonly string[] }
    | { readonly name: 'show'; readonly id: string }
    | ChangingCommand
  );

export interface ChangingCommand {
  readonly name: 'redrive' | 'drop';
  readonly selection: Selection;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly yes: boolean;
}

const reasons = Object.keys(ERROR_CODES);
const topics = catalogue.contracts.map(({ topic }) => topic);
const services = [...new Set(catalogue.contracts.flatMap(({ consumers }) => consumers))];

export const usage = `Usage: npm run dlq -- list    [SELECTION] [--state STATE …] [--json]
       npm run dlq -- show    ID [--subscription NAME] [--json]
       npm run dlq -- redrive SELECTION [--dry-run] [--force] [--yes] [--json]
       npm run dlq -- drop    SELECTION [--dry-run] [--yes] [--json]

  --subscription NAME  whose letters: ${services.join(', ')}; all of them unless told
  --topic TOPIC        of the message: ${topics.join(', ')}
  --reason CODE        why it died, such as rule-broken: docs/errors.md
  --from, --to TIME    when it died, such as 2026-11-21 or 2026-11-21T12:00:00Z: from then on, before then
  --id ID              of the message; may be given more than once
  --all                every letter there is: redrive and drop want to be told

  --state STATE        ${LETTER_STATES.join(', ')}; may be given more than once
  --dry-run            says what would be done, and does nothing
  --force              also what is too old, was redriven too often, was dropped, or is no longer known to the inbox
  --yes                asks nobody
  --json               writes everything as JSON
  --url URL            a service that npm start has not started
  --data-dir DIR       the folder of a system that npm start has started; DATA_DIR or .data unless told
`;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const where = { json: flag, url: text, 'data-dir': text, subscription: text };
const selecting = { topic: text, reason: text, from: text, to: text, id: texts };
const options = { ...where, ...selecting, state: texts, all: flag, 'dry-run': flag, force: flag, yes: flag };

const understood: Readonly<Record<Command['name'], readonly string[]>> = {
  list: [...Object.keys({ ...where, ...selecting }), 'state'],
  show: Object.keys(where),
  redrive: [...Object.keys({ ...where, ...selecting }), 'all', 'dry-run', 'force', 'yes'],
  drop: [...Object.keys({ ...where, ...selecting }), 'all', 'dry-run', 'yes'],
};
/** What says which letters are meant. */
const meaning = ['subscription', 'url', 'all', ...Object.keys(selecting)];

/** As many as fit into a URL. */
const MOST_IDS = 100;

const parse = (args: readonly string[]) => parseCommandLine(args, { options, allowPositionals: true });
type Values = ReturnType<typeof parse>['values'];

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parse(args);
  const name = commandOf(positionals[0]);
  const strange = Object.keys(values).find((option) => !understood[name].includes(option));
  if (strange !== undefined) throw new WrongArguments(`--${strange} means nothing to ${name}`);
  const place = whereOf(values, env);
  const rest = positionals.slice(1);
  if (name === 'show') {
    if (rest.length !== 1) throw new WrongArguments('show wants the id of one message');
    return { ...place, name, id: idOf(rest[0] ?? '') };
  }
  if (rest.length > 0) throw new WrongArguments(`"${rest[0]}" means nothing to ${name}`);
  const selection = selectionOf(values);
  if (name === 'list') return { ...place, name, selection, states: (values.state ?? []).map(stateOf) };
  if (!Object.keys(values).some((option) => meaning.includes(option))) {
    throw new WrongArguments(`${name} wants to be told which letters, or --all`);
  }
  const { 'dry-run': dryRun = false, force = false, yes = false } = values;
  return { ...place, ...{ name, selection, dryRun, force, yes } };
}

function commandOf(name = ''): Command['name'] {
  if (Object.hasOwn(understood, name)) return name as Command['name'];
  throw new WrongArguments(name === '' ? 'no command is given' : `there is no command "${name}"`);
}

function whereOf(values: Values, env: NodeJS.ProcessEnv): Where {
  const { url, subscription, topic, json = false, 'data-dir': dataDir } = values;
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    throw new WrongArguments(`--url is "${url}": it is where a service is, such as http://127.0.0.1:4001`);
  }
  if (url !== undefined && subscription !== undefined) {
    throw new WrongArguments('--url says already whose letters are meant: leave --subscription out');
  }
  if (subscription !== undefined) assertOneOf('subscription', subscription, services);
  if (topic !== undefined) assertOneOf('topic', topic, topics);
  const consumers = catalogue.contracts.find((contract) => contract.topic === topic)?.consumers ?? services;
  const subscriptions = services.filter((one) => consumers.includes(one) && one === (subscription ?? one));
  if (subscriptions.length === 0) {
    throw new WrongArguments(`${subscription} does not consume ${topic}; these do: ${consumers.join(', ')}`);
  }
  const folder = resolve(dataDir ?? (env['DATA_DIR'] || '.data'));
  return { ...(url !== undefined && { url }), subscriptions, json, dataDir: folder };
}

function selectionOf({ topic, reason, from, to, id }: Values): Selection {
  if (reason !== undefined) assertOneOf('reason', reason, reasons);
  if (id !== undefined && id.length > MOST_IDS) throw new WrongArguments(`--id is there more than ${MOST_IDS} times`);
  const [begin, end] = [timeOf('from', from), timeOf('to', to)];
  if (begin !== undefined && end !== undefined && begin >= end) {
    throw new WrongArguments('--to must be later than --from');
  }
  return {
    ...(topic !== undefined && { topic }),
    ...(reason !== undefined && { reason }),
    ...(begin !== undefined && { from: begin }),
    ...(end !== undefined && { to: end }),
    ...(id !== undefined && { ids: id.map(idOf) }),
  };
}

function assertOneOf(option: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new WrongArguments(`--${option} is "${value}": it is one of ${known.join(', ')}`);
}

function stateOf(state: string): string {
  assertOneOf('state', state, LETTER_STATES);
  return state;
}

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

function timeOf(option: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const time = new Date(TIME.test(given) && isDay(given.slice(0, 10)) ? given : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new WrongArguments(`--${option} is "${given}": it is a time such as 2026-11-21 or 2026-11-21T12:00:00Z`);
}

/** The 30th of February would become a day of March. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function idOf(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new WrongArguments(`"${text}" is no id of a message: that is a UUID`);
}
