import { type NetworkPolicy, type NetworkPort, ofKind, type Peer, selects } from '../manifest.js';
import { type Program, programsOf, type System } from '../system.js';
import { mistake } from '../mistake.js';

/** Who may come to a program, and where it may go, is exactly what settings ask for. */
export function network(system: System): string[] {
  const programs = programsOf(system);
  const policies = ofKind(system.manifests, 'NetworkPolicy');
  return programs.flatMap((program) => {
    const allowed = policies
      .filter(({ spec }) => selects(spec.podSelector, program.labels))
      .flatMap((policy) => waysOf(policy, programs));
    const needed = [...goingOut(program), ...comingIn(program, programs)];
    const { name } = program;
    return [
      ...openEnds(program, policies),
      ...needed.filter((way) => !allowed.includes(way)).map((way) => `${name} needs ${way}`),
      ...allowed.filter((way) => !needed.includes(way)).map((way) => `${name} does not need ${way}`),
    ];
  });
}

/** Whoever is not isolated by any policy may do everything. */
function openEnds({ name, labels }: Program, policies: readonly NetworkPolicy[]): string[] {
  const mine = policies.filter(({ spec }) => selects(spec.podSelector, labels));
  return (['Ingress', 'Egress'] as const)
    .filter((type) => !mine.some(({ spec }) => spec.policyTypes.includes(type)))
    .map((type) => `nothing limits the ${type} of ${name}`);
}

function waysOf({ spec }: NetworkPolicy, programs: readonly Program[]): string[] {
  const { ingress = [], egress = [], policyTypes } = spec;
  return [
    ...(policyTypes.includes('Ingress') ? ingress : []).flatMap(({ from, ports }) =>
      between(peersOf(from, programs), portsOf(ports), 'from'),
    ),
    ...(policyTypes.includes('Egress') ? egress : []).flatMap(({ to, ports }) =>
      between(peersOf(to, programs), portsOf(ports), 'to'),
    ),
  ];
}

const between = (peers: readonly string[], ports: readonly string[], way: 'from' | 'to'): string[] =>
  peers.flatMap((peer) => ports.map((port) => `${way} ${peer} ${port}`));

const portsOf = (ports: readonly NetworkPort[] | undefined): string[] =>
  ports?.map(({ protocol = 'TCP', port }) => `${protocol} ${port}`) ?? ['any port'];

/** Programs of ours by their names, others as namespace/label=value. */
const peersOf = (peers: readonly Peer[] | undefined, programs: readonly Program[]): string[] =>
  peers?.flatMap((peer) => {
    const { namespaceSelector, podSelector } = peer;
    if (namespaceSelector === undefined && podSelector !== undefined)
      return programs.filter(({ labels }) => selects(podSelector, labels)).map(({ name }) => name);
    const namespace = namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
    const pods = Object.entries(podSelector?.matchLabels ?? {}).map(([key, value]) => `/${key}=${value}`);
    return namespace === undefined ? JSON.stringify(peer) : `${namespace}${pods.join('')}`;
  }) ?? ['anybody'];

const DNS = ['to kube-system/k8s-app=kube-dns UDP 53', 'to kube-system/k8s-app=kube-dns TCP 53'];

const goingOut = ({ env }: Program): string[] => [
  ...DNS,
  ...urlsOf(env).map((url) => `to ${placeOf(url)} TCP ${url.port}`),
];

function comingIn({ name, kind, env }: Program, programs: readonly Program[]): string[] {
  if (kind === 'Job') return [];
  const port = `TCP ${env['PORT']}`;
  const askers = programs.filter((other) => urlsOf(other.env).some((url) => placeOf(url) === name));
  const outside = name === 'bff' ? ['ingress-nginx', 'monitoring'] : ['monitoring'];
  return [...askers.map((asker) => asker.name), ...outside].map((who) => `from ${who} ${port}`);
}

/** Everything that the settings of a program name. */
const urlsOf = (env: Program['env']): URL[] =>
  Object.entries(env).flatMap(([name, value]) => (/(^|_)URL(_|$)/.test(name) ? [new URL(value)] : []));

/** Of order.postgres, the database of that name; of pulsar.pulsar, the namespace; without a namespace, a program of ours. */
function placeOf({ protocol, hostname }: URL): string {
  const [name, namespace] = hostname.split('.');
  if (namespace === undefined) return name ?? '';
  return protocol === 'postgresql:' ? `${namespace}/app.kubernetes.io/instance=${name}` : namespace;
}

export const mistakes = [
  mistake('nothing limits the Ingress of topics', 'NetworkPolicy default-deny', ''),
  mistake('needs to kube-system/k8s-app=kube-dns UDP 53', 'NetworkPolicy dns', ''),
  mistake('topics needs to pulsar TCP 6651', 'NetworkPolicy broker', '/spec/podSelector/matchExpressions/0/values/5'),
  mistake('order does not need to pulsar TCP 8080', 'NetworkPolicy broker', '/spec/egress/0/ports/1/port', 8080),
  mistake(
    'order needs to elsewhere TCP 6651',
    'ConfigMap broker',
    '/data/BROKER_URL',
    'pulsar+ssl://pulsar.elsewhere:6651',
  ),
  mistake(
    'order needs to postgres/app.kubernetes.io/instance=order TCP 6432',
    'given Secret order',
    '/stringData/DATABASE_URL',
    'postgresql://order@order.postgres:6432/order',
  ),
  mistake('order does not need to postgres TCP 5432', 'NetworkPolicy order', '/spec/egress/0/to/0/podSelector'),
  mistake('order does not need to anybody TCP 5432', 'NetworkPolicy order', '/spec/egress/0/to'),
  mistake(
    'order does not need to postgres/app.kubernetes.io/instance=order any port',
    'NetworkPolicy order',
    '/spec/egress/0/ports',
  ),
  mistake(
    'payment needs to postgres/app.kubernetes.io/instance=gateway',
    'NetworkPolicy payment',
    '/spec/egress/0/to/1',
  ),
  mistake('reporting needs from bff TCP 8080', 'NetworkPolicy reporting', '/spec/ingress'),
  mistake('reporting does not need from payment', 'NetworkPolicy reporting', '/spec/ingress/0/from/0/podSelector', {}),
  mistake(
    'bff needs to saga-log TCP 8080',
    'NetworkPolicy bff',
    '/spec/egress/1/to/0/podSelector/matchExpressions/0/values/2',
  ),
  mistake(
    'bff does not need from {"namespaceSelector":{}} TCP 8080',
    'NetworkPolicy bff',
    '/spec/ingress/0/from/0/namespaceSelector',
    {},
  ),
  mistake('payment needs from monitoring TCP 8080', 'NetworkPolicy metrics', ''),
];
