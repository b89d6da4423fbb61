// `npm run audit`: asks the npm registry what is known against the packages that production runs.
import { parseCommandLine, runCommandLine, tell } from '../command-line.js';
import { npmOnProduction } from './npm.js';

const usage = `Usage: npm run audit [-- --required]

Asks the configured npm registry for advisories about what production runs. Ends with 0 if none is high or critical, or if the
registry offers no audit, unless that is --required; else with 1; with 2 if the command line can't be understood.
`;

/** npm's words where the registry does not answer the question. */
const NO_AUDIT = 'audit endpoint returned an error';

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

function main(args: readonly string[]): Promise<number> {
  const options = { required: { type: 'boolean', default: false } } as const;
  return audit(parseCommandLine(args, { options }).values.required);
}

process.exitCode = await runCommandLine(usage, main);
