import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { schemaFile } from './schemas.js';

interface Verdict {
  readonly resources: readonly {
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
}

/** What is wrong with each resource, by the schemas in the folder alone; what has no schema is wrong too. */
export function conform(kubeconform: string, schemas: string, yaml: string): string[] {
  const args = ['-strict', '-output', 'json', '-verbose', '-schema-location', join(schemas, schemaFile)];
  const { stdout, stderr } = spawnSync(kubeconform, args, { input: yaml, encoding: 'utf8' });
  if (stdout === '') throw new Error(`kubeconform says nothing but ${stderr}`);
  const { resources } = JSON.parse(stdout) as Verdict;
  if (resources.length === 0) throw new Error('kubeconform has seen no resource');
  const wrong = resources.filter(({ status }) => status !== 'statusValid');
  return wrong.map(({ kind, name, msg }) => `${kind} ${name}: ${msg}`);
}
