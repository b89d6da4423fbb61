// `npm run audit`: asks the npm registry what is known against the packages that production runs.
import { parseArgs } from 'node:util';
import { WrongArguments } from '../wrong-arguments.js';
import { npmOnProduction } from './npm.js';

const usage = `Usage: npm run audit [-- --required]

Asks the configured npm registry for advisories about what production runs. Ends with 0 if none is high or critical, or if the
registry offers no audit, unless that is --required; else with 1; with 2 if the command line can't be understood.
`;

/** npm's words where the registry does not answer the question. */
const NO_AUDIT = 'audit endpoint returned an error';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** Whether an audit is required; throws WrongArguments. */
function readArguments(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { required: { type: 'boolean', default: false } } }).values.required;
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function audit(required: boolean): Promise<number> {
  const { code, stdout, stderr } = await npmOnProduction(['audit', '--audit-level=high']);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (code === 0) return 0;
  if (!stderr.includes(NO_AUDIT)) {
    tell('Upgrade what is named, or, where its user has no newer version yet, override it in package.json.');
    return 1;
  }
  tell('Not audited: the registry offers no audit, or is out of reach.');
  return required ? 1 : 0;
}

async function main(args: string[]): Promise<number> {
  try {
    return await audit(readArguments(args));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell(error instanceof WrongArguments ? `${message}\n\n${usage}` : message);
    return error instanceof WrongArguments ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
