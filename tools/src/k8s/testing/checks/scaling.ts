import { ofKind } from '../manifest.js';
import { mistake } from '../mistake.js';
import { deploymentsOf, type System } from '../system.js';

/** Every deployment has one autoscaler, which alone says how many replicas there are. */
export function scaling(system: System): string[] {
  const names = deploymentsOf(system).map(({ name }) => name);
  const scalers = scalersOf(system);
  const targets = scalers.map(({ target }) => target);
  const alone = names.filter((name) => targets.filter((target) => target === name).length !== 1);
  return [
    ...targets
      .filter((target) => !names.includes(target))
      .map((target) => `somebody scales ${target}, which is not there`),
    ...alone.map((name) => `${name} has not one autoscaler`),
    ...scalers.flatMap(({ target, fewest, most }) =>
      fewest >= system.fewest && fewest <= most ? [] : [`${target} may have ${fewest} to ${most} replicas`],
    ),
    ...ofKind(system.manifests, 'Deployment').flatMap(({ metadata, spec }) =>
      spec.replicas === undefined ? [] : [`the deployment of ${metadata.name} takes back what its autoscaler has said`],
    ),
  ];
}

interface Scaler {
  readonly target: string;
  readonly fewest: number;
  readonly most: number;
}

const scalersOf = ({ manifests }: System): Scaler[] => [
  ...ofKind(manifests, 'HorizontalPodAutoscaler').map(({ spec }) => ({
    ...{ target: spec.scaleTargetRef.name, fewest: spec.minReplicas, most: spec.maxReplicas },
  })),
  ...ofKind(manifests, 'ScaledObject').map(({ spec }) => ({
    ...{ target: spec.scaleTargetRef.name, fewest: spec.minReplicaCount, most: spec.maxReplicaCount },
  })),
];

export const mistakes = [
  mistake('somebody scales orders', 'ScaledObject order', '/spec/scaleTargetRef/name', 'orders'),
  mistake('order has not one autoscaler', 'ScaledObject order', ''),
  mistake('bff has not one autoscaler', 'ScaledObject payment', '/spec/scaleTargetRef/name', 'bff'),
  mistake('bff may have 1 to 6 replicas', 'HorizontalPodAutoscaler bff', '/spec/minReplicas', 1),
  mistake('payment may have 1 to 8 replicas', 'ScaledObject payment', '/spec/minReplicaCount', 1),
  mistake('payment may have 2 to 1 replicas', 'ScaledObject payment', '/spec/maxReplicaCount', 1),
  mistake('takes back what its autoscaler has said', 'Deployment bff', '/spec/replicas', 2),
];
