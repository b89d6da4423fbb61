import { ofKind, selects } from '../manifest.js';
import { mistake, NAME, POD } from '../mistake.js';
import { deploymentsOf, type Program, type System } from '../system.js';

/** Replicas of a deployment lie apart, and are not taken all at once. */
export function availability(system: System): string[] {
  const programs = deploymentsOf(system);
  const guarded = ofKind(system.manifests, 'PodDisruptionBudget').map(({ metadata, spec: { selector } }) => ({
    name: metadata.name,
    pods: programs.filter(({ labels }) => selector !== undefined && selects(selector, labels)).map(({ name }) => name),
  }));
  return [
    ...guarded.flatMap(({ name, pods }) =>
      pods.join(' ') === name ? [] : [`the budget ${name} is that of ${pods.join(', ') || 'nobody'}`],
    ),
    ...programs.flatMap(({ name }) =>
      guarded.some(({ pods }) => pods.includes(name)) ? [] : [`nothing keeps replicas of ${name}`],
    ),
    ...programs.flatMap(spreading),
  ];
}

function spreading({ name, pod, labels }: Program): string[] {
  const constraints = pod.topologySpreadConstraints ?? [];
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].flatMap((key) => {
    const constraint = constraints.find(({ topologyKey }) => topologyKey === key);
    const own = constraint?.labelSelector.matchLabels?.['app.kubernetes.io/name'];
    return own === labels['app.kubernetes.io/name'] ? [] : [`replicas of ${name} are not spread by ${key}`];
  });
}

const SPREAD = `${POD}/topologySpreadConstraints`;
export const mistakes = [
  mistake('nothing keeps replicas of bff', 'PodDisruptionBudget bff', ''),
  mistake('the budget bff is that of order', 'PodDisruptionBudget bff', `/spec/selector/matchLabels/${NAME}`, 'order'),
  mistake('the budget bff is that of nobody', 'PodDisruptionBudget bff', '/spec/selector'),
  mistake('the budget bff is that of bff, order', 'PodDisruptionBudget bff', '/spec/selector', {}),
  mistake('replicas of bff are not spread by kubernetes.io/hostname', 'Deployment bff', `${SPREAD}/1`),
  mistake('are not spread by topology.kubernetes.io/zone', 'Deployment bff', `${SPREAD}/0/labelSelector`, {}),
];
