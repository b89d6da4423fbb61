import type { Manifest } from '../manifest.js';
import { mistake } from '../mistake.js';
import { programsOf, type System } from '../system.js';

/** Labels by which docs/how-to/kubernetes.md applies jobs before services, and one service before another; and the same for Argo CD. */
export function order(system: System): string[] {
  const services = system.manifests.filter(({ metadata }) => metadata.labels?.[COMPONENT] === 'service');
  const others = system.manifests.filter((manifest) => !services.includes(manifest));
  const programs = programsOf(system);
  return [
    ...others.filter(({ kind }) => LATER.includes(kind)).map((manifest) => `${textOf(manifest)} comes too early`),
    ...services.filter(({ kind }) => EARLIER.includes(kind)).map((manifest) => `${textOf(manifest)} comes too late`),
    ...services
      .filter(({ metadata }) => !programs.some(({ name }) => name === metadata.labels?.['app.kubernetes.io/name']))
      .map((manifest) => `${textOf(manifest)} belongs to no service`),
    ...services
      .filter((one) => waveOf(one) !== '1')
      .map((manifest) => `${textOf(manifest)} does not wait with Argo CD`),
    ...others.filter((one) => waveOf(one) !== undefined).map((manifest) => `${textOf(manifest)} waits with Argo CD`),
    ...others
      .filter(({ kind, metadata }) => kind === 'Job' && metadata.annotations?.[`${ARGO}/hook`] !== 'Sync')
      .map((manifest) => `${textOf(manifest)} is done once with Argo CD`),
  ];
}

const COMPONENT = 'app.kubernetes.io/component';
const ARGO = 'argocd.argoproj.io';
const EARLIER = ['Namespace', 'NetworkPolicy', 'TriggerAuthentication', 'Job'];
const LATER = ['Deployment', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'ScaledObject'];

const textOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
const waveOf = ({ metadata }: Manifest): string | undefined => metadata.annotations?.[`${ARGO}/sync-wave`];

const LABELS = '/metadata/labels/app.kubernetes.io~1';
const ANNOTATIONS = '/metadata/annotations/argocd.argoproj.io~1';
export const mistakes = [
  mistake('Deployment order comes too early', 'Deployment order', `${LABELS}component`),
  mistake('ScaledObject order comes too early', 'ScaledObject order', `${LABELS}component`, 'job'),
  mistake('Job topics comes too late', 'Job topics', `${LABELS}component`, 'service'),
  mistake('NetworkPolicy dns comes too late', 'NetworkPolicy dns', `${LABELS}component`, 'service'),
  mistake('PodDisruptionBudget order belongs to no service', 'PodDisruptionBudget order', `${LABELS}name`),
  mistake('ScaledObject order does not wait', 'ScaledObject order', `${ANNOTATIONS}sync-wave`),
  mistake('Job topics waits with Argo CD', 'Job topics', `${ANNOTATIONS}sync-wave`, '2'),
  mistake('Job migrate is done once', 'Job migrate', `${ANNOTATIONS}hook`),
];
