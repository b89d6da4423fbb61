import { type Container, type Labels, type Manifest, ofKind, type PodSpec, type Values } from './manifest.js';
import type { Reader } from './readers.js';

/** What is judged. */
export interface System {
  /** As kustomize renders them. */
  readonly manifests: readonly Manifest[];
  /** What somebody else has to give: the example of it. */
  readonly given: readonly Manifest[];
  readonly readers: Readonly<Record<string, Reader>>;
  /** Fewest replicas that an autoscaler may leave. */
  readonly fewest: number;
}

/** A deployment or a job. */
export interface Program {
  readonly name: string;
  readonly kind: 'Deployment' | 'Job';
  readonly labels: Labels;
  readonly pod: PodSpec;
  readonly container: Container;
  /** The environment that its container gets beside that of its image. */
  readonly env: Readonly<Record<string, string>>;
}

/** Throws if something that a container refers to is not there. */
export function programsOf(system: System): Program[] {
  return (['Deployment', 'Job'] as const).flatMap((kind) =>
    ofKind(system.manifests, kind).map(({ metadata, spec }) => {
      const { metadata: template, spec: pod } = spec.template;
      const [container, ...others] = pod.containers;
      if (container === undefined || others.length > 0)
        throw new Error(`${metadata.name} has not exactly one container`);
      const env = environmentOf(system, container);
      return { name: metadata.name, kind, labels: template.labels, pod, container, env };
    }),
  );
}

export const deploymentsOf = (system: System): Program[] =>
  programsOf(system).filter(({ kind }) => kind === 'Deployment');

function environmentOf(system: System, { envFrom = [], env = [] }: Container): Record<string, string> {
  const sources = envFrom.map(({ configMapRef, secretRef }) =>
    configMapRef === undefined
      ? valuesOf(system, 'Secret', secretRef?.name ?? '')
      : valuesOf(system, 'ConfigMap', configMapRef.name),
  );
  const own = Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
  return Object.assign({}, ...sources, own) as Record<string, string>;
}

/** What is in a ConfigMap that is rendered or given, or in a Secret that is given; throws if it is not there. */
export function valuesOf({ manifests, given }: System, kind: 'ConfigMap' | 'Secret', name: string): Labels {
  const all: Values[] = ofKind(kind === 'Secret' ? given : [...manifests, ...given], kind);
  const found = all.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return { ...found.data, ...found.stringData };
}
