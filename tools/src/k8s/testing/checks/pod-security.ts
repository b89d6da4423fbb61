import type { Container, PodSpec } from '../manifest.js';
import { programsOf, type System } from '../system.js';
import { MAIN, mistake, POD } from '../mistake.js';

/** Every pod meets the "restricted" Pod Security Standard, and what we ask beside. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurity = (system: System): string[] =>
  programsOf(system).flatMap(({ name, pod }) => {
    const containers = [...pod.containers, ...(pod.initContainers ?? [])];
    return [...ofPod(pod), ...containers.flatMap((container) => ofContainer(container, pod))].map(
      (text) => `${name} ${text}`,
    );
  });

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

function ofPod(pod: PodSpec): string[] {
  const kinds = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
  const isAtHome = !pod.hostNetwork && !pod.hostPID && !pod.hostIPC;
  return [
    ...(isAtHome ? [] : ['shares a namespace with its host']),
    ...kinds.filter((kind) => !VOLUMES.includes(kind)).map((kind) => `has a volume of the kind ${kind}`),
    ...(pod.automountServiceAccountToken === false ? [] : ['has a token of the API']),
  ];
}

function ofContainer(container: Container, pod: PodSpec): string[] {
  const context = { ...pod.securityContext, ...container.securityContext };
  const { drop = [], add = [] } = context.capabilities ?? {};
  const { requests, limits } = container.resources ?? {};
  const rules = [
    [context.runAsNonRoot === true && context.runAsUser === 1000, 'may be root'],
    [context.allowPrivilegeEscalation === false && context.privileged !== true, 'may become root'],
    [context.seccompProfile?.type === 'RuntimeDefault', 'may make every system call'],
    [drop.includes('ALL') && add.length === 0, 'has capabilities'],
    [context.readOnlyRootFilesystem === true, 'may write its own files'],
    [(container.ports ?? []).every(({ hostPort }) => hostPort === undefined), 'takes a port of its host'],
    [limits?.['memory'] !== undefined && limits['memory'] === requests?.['memory'], 'has no memory of its own'],
    [requests?.['cpu'] !== undefined, 'asks for no CPU'],
  ] as const;
  return rules.filter(([holds]) => !holds).map(([, text]) => text);
}

export const mistakes = [
  mistake('order shares a namespace with its host', 'Deployment order', `${POD}/hostNetwork`, true),
  mistake('order has a volume of the kind hostPath', 'Deployment order', `${POD}/volumes/0`, {
    name: 'x',
    hostPath: {},
  }),
  mistake('order has a token of the API', 'Deployment order', `${POD}/automountServiceAccountToken`),
  mistake('migrate may be root', 'Job migrate', `${POD}/securityContext/runAsNonRoot`),
  mistake('migrate may be root', 'Job migrate', `${MAIN}/securityContext/runAsUser`, 0),
  mistake('order may become root', 'Deployment order', `${MAIN}/securityContext/allowPrivilegeEscalation`),
  mistake('order may become root', 'Deployment order', `${MAIN}/securityContext/privileged`, true),
  mistake('order may make every system call', 'Deployment order', `${POD}/securityContext/seccompProfile`),
  mistake('order has capabilities', 'Deployment order', `${MAIN}/securityContext/capabilities/drop`, ['NET_RAW']),
  mistake('order has capabilities', 'Deployment order', `${MAIN}/securityContext/capabilities/add`, ['NET_ADMIN']),
  mistake('order may write its own files', 'Deployment order', `${MAIN}/securityContext/readOnlyRootFilesystem`),
  mistake('order takes a port of its host', 'Deployment order', `${MAIN}/ports/0/hostPort`, 8080),
  mistake('order has no memory of its own', 'Deployment order', `${MAIN}/resources/limits/memory`),
  mistake('order asks for no CPU', 'Deployment order', `${MAIN}/resources/requests/cpu`),
  mistake('migrate may be root', 'Job migrate', `${POD}/initContainers`, [{ securityContext: { runAsUser: 0 } }]),
];
