// `npm run sbom`: writes the software bill of materials of what production runs.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WrongArguments } from '../wrong-arguments.js';
import { npmOnProduction } from './npm.js';

const usage = `Usage: npm run sbom [-- FILE]

Writes to FILE (by default sbom.cdx.json) what production runs, from package-lock.json: every package, on whatever platform, with
version, licence, checksum and what it depends on, as CycloneDX 1.5. Ends with 0 if it is written, with 1 if not, with 2 if the
command line can't be understood.
`;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The file to be written; throws WrongArguments. */
function readArguments(args: string[]): string {
  try {
    const [file = 'sbom.cdx.json', ...others] = parseArgs({ args, allowPositionals: true }).positionals;
    if (others.length > 0) throw new Error('only one FILE can be written');
    return file;
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function write(file: string): Promise<void> {
  const { code, stdout, stderr } = await npmOnProduction([
    ...['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'],
  ]);
  if (code !== 0) throw new Error(stderr || stdout);
  writeFileSync(file, stdout);
  const { components } = JSON.parse(stdout) as { components: readonly unknown[] };
  tell(`${file} lists ${components.length} packages.`);
}

async function main(args: string[]): Promise<number> {
  try {
    await write(readArguments(args));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell(error instanceof WrongArguments ? `${message}\n\n${usage}` : message);
    return error instanceof WrongArguments ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
