import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../start/system.js';

/** What one description of messages takes away from another. */
export interface Break {
  /** Of buf: https://buf.build/docs/breaking/rules/ */
  readonly rule: string;
  /** Which field of which message, and how. */
  readonly text: string;
  /** The proto file; undefined if it is gone. */
  readonly file: string | undefined;
}

/** What buf writes of a break, in a line of JSON each. */
interface Line {
  readonly path?: string;
  readonly type: string;
  readonly message: string;
}

const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');
/** The exit code of buf when it has found something. */
const FOUND = 100;

/**
 * What `newer` breaks of `older`, both of them a `google.protobuf.FileDescriptorSet`, by the rules of the repository's
 * buf.yaml, which `npm run check` applies to the proto files.
 */
export async function findBreaks(newer: Uint8Array, older: Uint8Array): Promise<Break[]> {
  const folder = await mkdtemp(join(tmpdir(), 'alpes-topics-'));
  try {
    const [ours, theirs] = withSameGoogle(read(newer), read(older));
    const [input, against] = [join(folder, 'newer.binpb'), join(folder, 'older.binpb')];
    await writeFile(input, toBinary(FileDescriptorSetSchema, ours));
    await writeFile(against, toBinary(FileDescriptorSetSchema, theirs));
    const config = join(root, 'buf.yaml');
    const lines = await run(['breaking', input, '--against', against, '--config', config, '--error-format', 'json']);
    return lines.map(({ path, type, message }) => ({ rule: type, text: message, file: path }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const read = (bytes: Uint8Array): FileDescriptorSet => fromBinary(FileDescriptorSetSchema, bytes);
const isGoogle = ({ name }: FileDescriptorProto): boolean => name.startsWith('google/protobuf/');

/** Google's own files are no part of our contract: another version of the library that has them breaks nothing. */
function withSameGoogle(newer: FileDescriptorSet, older: FileDescriptorSet): [FileDescriptorSet, FileDescriptorSet] {
  const google = new Map([...older.file, ...newer.file].filter(isGoogle).map((file) => [file.name, file]));
  const withGoogle = ({ file }: FileDescriptorSet): FileDescriptorSet =>
    create(FileDescriptorSetSchema, { file: [...google.values(), ...file.filter((one) => !isGoogle(one))] });
  return [withGoogle(newer), withGoogle(older)];
}

function run(args: readonly string[]): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [buf, ...args], (error, stdout, stderr) => {
      if (error !== null && error.code !== FOUND) reject(new Error(`buf fails: ${stderr || error.message}`));
      else resolve(stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line])));
    });
  });
}
