// `npm run sbom`: writes the software bill of materials of what production runs.
import { AlpesError } from '@alpes/messaging';
import { writeFileSync } from 'node:fs';
import { parseCommandLine, runCommandLine, tell, WrongArguments } from '../command-line.js';
import { npmOnProduction } from './npm.js';

const usage = `Usage: npm run sbom [-- FILE]

Writes to FILE (by default sbom.cdx.json) what production runs, from package-lock.json: every package, on whatever platform, with
version, licence, checksum and what it depends on, as CycloneDX 1.5. Ends with 0 if it is written, with 1 if not, with 2 if the
command line can't be understood.
`;

async function write(file: string): Promise<void> {
  const { code, stdout, stderr } = await npmOnProduction([
    ...['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'],
  ]);
  if (code !== 0) throw new AlpesError('unknown', stderr || stdout);
  writeFileSync(file, stdout);
  const { components } = JSON.parse(stdout) as { components: readonly unknown[] };
  tell(`${file} lists ${components.length} packages.`);
}

async function main(args: readonly string[]): Promise<number> {
  const [file = 'sbom.cdx.json', ...others] = parseCommandLine(args, { allowPositionals: true }).positionals;
  if (others.length > 0) throw new WrongArguments('only one FILE can be written');
  await write(file);
  return 0;
}

process.exitCode = await runCommandLine(usage, main);
