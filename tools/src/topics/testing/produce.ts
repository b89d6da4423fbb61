import { type DescMessage, type MessageShape, toJsonString } from '@bufbuild/protobuf';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonPackages } from '../../e2e/python.js';
import { root } from '../../start/system.js';

/** Pulsar's client for Python, and what our proto files and our partitions take. */
const REQUIREMENTS = ['pulsar-client==3.13.0', 'protobuf==7.36.2', 'mmh3==5.3.1'].join('\n');

/** Has Python publish messages that it makes by our proto files; throws what it said if it could not. */
export async function produceWithPython<Desc extends DescMessage>(
  { url, topic }: { readonly url: string; readonly topic: string },
  schema: Desc,
  messages: readonly MessageShape<Desc>[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-python-'));
  try {
    const image = join(folder, 'image.binpb');
    const buf = join(root, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
    execFileSync(process.execPath, [buf, 'build', '--output', image], { cwd: root });
    const program = join(root, 'tools/src/topics/testing/produce.py');
    const python = spawn('python3', [program, url, topic, image, schema.typeName], {
      env: { ...process.env, PYTHONPATH: await pythonPackages('pulsar-client', REQUIREMENTS) },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    python.stderr.on('data', (data: Buffer) => (said += data.toString()));
    python.stdin.end(messages.map((message) => `${toJsonString(schema, message)}\n`).join(''));
    const [code] = (await once(python, 'close')) as [number | null];
    if (code !== 0) throw new Error(`Python ended with ${code}:\n${said}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
