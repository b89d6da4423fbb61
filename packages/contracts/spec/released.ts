import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The released versions of the contract, as their folders are named. */
export const versions = readdirSync(`${root}proto/released`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The file with the example of a message, in its readable form or as the release wrote it. */
export const goldenFile = (version: string, message: string, ending: 'bin' | 'json'): string =>
  `${root}packages/contracts/golden/${version}/${message}.${ending}`;

/** The messages that a release has examples of. */
export function examplesOf(version: string): string[] {
  const files = readdirSync(`${root}packages/contracts/golden/${version}`);
  return [...new Set(files.map((file) => file.replace(/\.(bin|json)$/, '')))].toSorted();
}

/** Runs buf and returns what it prints; throws an error whose message has all of that if it fails. */
export function buf(args: readonly string[], cwd = root): string {
  const program = `${root}node_modules/@bufbuild/buf/bin/buf`;
  try {
    const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: 'pipe' } as const;
    return execFileSync(process.execPath, [program, ...args], options);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`buf ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** The part of a message's descriptor, as buf writes it in JSON, that the specs look at. */
export interface MessageDescriptor {
  readonly name: string;
  readonly field?: readonly {
    readonly jsonName: string;
    readonly typeName?: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }[];
  readonly options?: Readonly<Record<string, { readonly topic: string; readonly kind: string }>>;
}

/** Every message that a release declares, by its full name as other messages refer to it: `.alpes.order.v1.Line`. */
export function releasedMessages(version: string): ReadonlyMap<string, MessageDescriptor> {
  const image = JSON.parse(buf(['build', `proto/released/${version}`, '-o', '-#format=json'])) as {
    file: { package: string; messageType?: MessageDescriptor[] }[];
  };
  return new Map(
    image.file.flatMap((file) =>
      (file.messageType ?? []).map((message) => [`.${file.package}.${message.name}`, message] as const),
    ),
  );
}

/** How a released message travels; undefined if it is only part of others. */
export const releasedRoute = ({ options }: MessageDescriptor) => options?.['[alpes.messaging.v1.route]'];
