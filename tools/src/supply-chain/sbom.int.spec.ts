import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, nameOf, readLock } from './lock.js';
import { runProgram } from './testing/run-program.js';

// npm takes its time on a busy machine.
jest.setTimeout(60_000);

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly ({ license: { id: string } } | { expression: string })[];
}

const licenceOf = ({ licenses: [licence] = [] }: Component): string | undefined =>
  licence !== undefined && 'expression' in licence ? licence.expression : licence?.license.id;

const packages = installed(readLock());
const purlOf = ([folder, { version }]: (typeof packages)[number]): string =>
  `pkg:npm/${nameOf(folder).replace('@', '%40')}@${version}`;

describe('npm run sbom', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-sbom-'));
  const file = join(folder, 'sbom.json');
  let text = '';
  let components: readonly Component[] = [];

  beforeAll(async () => {
    await runProgram('sbom', [file]);
    text = readFileSync(file, 'utf8');
    ({ components } = JSON.parse(text) as { components: Component[] });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes what the schema of CycloneDX 1.5 demands', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"purl"', '"parl"'))).not.toBeNull();
  });

  it('lists every package that npm marks as needed, with version, licence and package URL', () => {
    const needed = packages.filter(([, { dev, optional, devOptional }]) => !(dev || optional || devOptional));
    expect(needed.length).toBeGreaterThan(100);
    const listed = components.map((component) => [component.purl, licenceOf(component)]);
    expect(listed).toEqual(expect.arrayContaining(needed.map((entry) => [purlOf(entry), entry[1].license])));
    expect(listed).toContainEqual([expect.stringMatching(/^pkg:npm\/pulsar-client@/), 'Apache-2.0']);
    expect(listed).toContainEqual([expect.stringMatching(/^pkg:npm\/%40alpes\/order@/), 'Apache-2.0']);
  });

  it('lists nothing that is only there to develop with, even if npm would install it', () => {
    const listed = new Set(components.map(({ purl }) => purl));
    const [dev, others] = [true, undefined].map((mark) =>
      packages.filter((entry) => entry[1].dev === mark).map(purlOf),
    );
    expect(dev?.length).toBeGreaterThan(100);
    // Of some packages one copy is there to develop with and another is not.
    expect(dev?.filter((purl) => listed.has(purl) && others?.includes(purl) === false)).toEqual([]);
    const names = components.map(({ name }) => name);
    for (const name of ['@jest/globals', 'jest', 'prisma', 'typescript']) expect(names).not.toContain(name);
  });

  it('is about the project, and tells nothing of the machine that it was made on', () => {
    expect(JSON.parse(text)).toMatchObject({ metadata: { component: { name: 'alpes', purl: 'pkg:npm/alpes@0.1.0' } } });
    for (const word of [tmpdir(), process.cwd(), 'file:', 'https:']) expect(text).not.toContain(word);
  });

  it('ends with 1 if the file can’t be written, and with 2 if the command line can’t be understood', async () => {
    expect(await runProgram('sbom', [join(folder, 'none', 'sbom.json')])).toMatchObject({ code: 1 });
    expect(await runProgram('sbom', ['--format', 'spdx'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Usage:'),
    });
    expect(await runProgram('sbom', ['a', 'b'])).toMatchObject({ code: 2, err: expect.stringContaining('Usage:') });
  });
});
