import type { Manifest } from './manifest.js';

/** One thing that is wrong in manifests that are right otherwise. */
export interface Mistake {
  /** What the check says of it. */
  readonly says: string;
  /** Kind and name of a resource; "given" before it if it is one that others give. */
  readonly of: string;
  /** A JSON pointer; none is the resource itself. */
  readonly at: string;
  /** Nothing takes it away. */
  readonly to: unknown;
}

export const mistake = (says: string, of: string, at: string, to?: unknown): Mistake => ({ says, of, at, to });

/** Where a Deployment or a Job has its pod, and its container. */
export const POD = '/spec/template/spec';
export const MAIN = `${POD}/containers/0`;
/** The label of a program's name, in a JSON pointer. */
export const NAME = 'app.kubernetes.io~1name';

/** The same resources with the mistake. Throws if there is no such place, for then it would be none. */
export function mutated(manifests: readonly Manifest[], { of, at, to }: Omit<Mistake, 'says'>): Manifest[] {
  const [kind = '', name = ''] = of.split(' ').slice(-2);
  const copy = structuredClone(manifests) as Manifest[];
  const index = copy.findIndex((one) => one.kind === kind && withoutHash(one) === name);
  if (index === -1) throw new Error(`there is no ${of}`);
  const keys = [String(index), ...at.split('/').slice(1)].map((key) => key.replaceAll('~1', '/'));
  change(copy, keys, to);
  return copy;
}

/** kustomize adds a hash to the name of a ConfigMap. */
const withoutHash = ({ kind, metadata }: Manifest): string =>
  kind === 'ConfigMap' ? metadata.name.replace(/-[a-z0-9]{10}$/, '') : metadata.name;

type Node = Record<string, unknown>;

function change(root: unknown, keys: readonly string[], to: unknown): void {
  const last = keys.at(-1) ?? '';
  const parent = keys.slice(0, -1).reduce<unknown>((node, key) => (node as Node | undefined)?.[key], root);
  if (typeof parent !== 'object' || parent === null) throw new Error(`there is no ${keys.join('/')}`);
  if (to !== undefined) (parent as Node)[last] = to;
  else if (!(last in parent)) throw new Error(`there is no ${keys.join('/')}`);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Node)[last];
}
