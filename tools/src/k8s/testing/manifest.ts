/** What the tests read of Kubernetes' resources; that they are as Kubernetes describes them is for kubeconform to say. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
}

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: string[] }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: Reference; readonly secretRef?: Reference }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly hostPort?: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly resources?: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Reference {
  readonly name: string;
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string | number };
  readonly timeoutSeconds?: number;
}

export interface SecurityContext {
  readonly allowPrivilegeEscalation?: boolean;
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly ({ readonly name: string; readonly configMap?: Reference } & object)[];
  readonly securityContext?: SecurityContext;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string; readonly labelSelector: Selector }[];
}

export interface Workload extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: Selector;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

export interface Service extends Manifest {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: string | number }[];
  };
}

export interface Budget extends Manifest {
  readonly spec: { readonly selector?: Selector };
}

export interface HorizontalScaler extends Manifest {
  readonly spec: { readonly scaleTargetRef: Reference; readonly minReplicas: number; readonly maxReplicas: number };
}

export interface Trigger {
  readonly type: string;
  readonly authenticationRef: Reference;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ScaledObject extends Manifest {
  readonly spec: {
    readonly scaleTargetRef: Reference;
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly triggers: readonly Trigger[];
  };
}

interface Parameter extends Reference {
  readonly parameter: string;
  readonly key: string;
}

export interface TriggerAuthentication extends Manifest {
  readonly spec: {
    readonly secretTargetRef?: readonly Parameter[];
    readonly configMapTargetRef?: readonly Parameter[];
  };
}

export interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

export interface NetworkPort {
  readonly port: number;
  readonly protocol?: string;
}

export interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly NetworkPort[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly NetworkPort[] }[];
  };
}

/** A ConfigMap or a Secret. */
export interface Values extends Manifest {
  readonly data?: Labels;
  readonly stringData?: Labels;
}

interface Kinds {
  readonly Deployment: Workload;
  readonly Job: Workload;
  readonly Service: Service;
  readonly PodDisruptionBudget: Budget;
  readonly HorizontalPodAutoscaler: HorizontalScaler;
  readonly ScaledObject: ScaledObject;
  readonly TriggerAuthentication: TriggerAuthentication;
  readonly NetworkPolicy: NetworkPolicy;
  readonly ConfigMap: Values;
  readonly Secret: Values;
}

/** All of a kind. */
export const ofKind = <Kind extends keyof Kinds>(manifests: readonly Manifest[], kind: Kind): Kinds[Kind][] =>
  manifests.filter((manifest) => manifest.kind === kind) as Kinds[Kind][];

/** Whether something with these labels is meant. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`selectors by ${operator} are not understood here`);
      return values.includes(labels[key] ?? '');
    })
  );
}
