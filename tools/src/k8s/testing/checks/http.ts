import { processSettings } from '@alpes/service-kit';
import { type Container, ofKind, type Probe, selects, type Service } from '../manifest.js';
import { deploymentsOf, type Program, programsOf, type System } from '../system.js';
import { MAIN, mistake, NAME, POD } from '../mistake.js';

/** Ports and times are those of the program, and a service leads to the pods of its name. */
export function http(system: System): string[] {
  const programs = deploymentsOf(system);
  const services = ofKind(system.manifests, 'Service');
  return [
    ...programs.flatMap(listening),
    ...programs.flatMap(probing),
    ...programs.flatMap(stopping),
    ...services.flatMap((service) => leading(service, programs)),
    ...programsOf(system).flatMap((program) => asking(program, services)),
  ];
}

const timesOf = ({ env }: Program) =>
  processSettings.pick({ HOST: true, PORT: true, CHECK_TIMEOUT_MS: true, GRACE_MS: true }).parse(env);

/** Resolves the name of a port. */
const portOf = ({ ports = [] }: Container, port: string | number): number | undefined =>
  typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort;

function listening(program: Program): string[] {
  const { HOST, PORT } = timesOf(program);
  const { name, container } = program;
  return [
    ...(HOST === '0.0.0.0' ? [] : [`${name} listens on ${HOST} alone`]),
    ...(portOf(container, 'http') === PORT ? [] : [`${name} listens on ${PORT}, which is not its port http`]),
  ];
}

function probing(program: Program): string[] {
  const { name, container } = program;
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const { CHECK_TIMEOUT_MS, PORT } = timesOf(program);
  const elsewhere = (probe: Probe | undefined): boolean =>
    probe === undefined || portOf(container, probe.httpGet.port) !== PORT;
  const patience = (readinessProbe?.timeoutSeconds ?? 1) * 1000;
  return [
    ...([startupProbe, livenessProbe, readinessProbe].some(elsewhere)
      ? [`a probe of ${name} is missing or elsewhere`]
      : []),
    ...(readinessProbe?.httpGet.path === '/health/ready' ? [] : [`nobody asks whether ${name} is ready`]),
    ...(livenessProbe?.httpGet.path === '/health/live' ? [] : [`nobody asks whether ${name} is alive`]),
    ...(startupProbe?.httpGet.path === '/health/live' ? [] : [`nobody asks whether ${name} has come up`]),
    ...(patience > CHECK_TIMEOUT_MS ? [] : [`the probe of ${name} gives up before its checks do`]),
  ];
}

function stopping(program: Program): string[] {
  const { name, pod, container } = program;
  const needed = (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000 + timesOf(program).GRACE_MS;
  return (pod.terminationGracePeriodSeconds ?? 30) * 1000 > needed ? [] : [`${name} is killed before it has stopped`];
}

function leading({ metadata, spec }: Service, programs: readonly Program[]): string[] {
  const reached = programs.filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
  const [only] = reached;
  if (only === undefined || reached.length > 1 || only.name !== metadata.name)
    return [`the service ${metadata.name} leads to ${reached.map(({ name }) => name).join(', ') || 'nobody'}`];
  const isWrong = spec.ports.some(({ targetPort }) => portOf(only.container, targetPort) !== timesOf(only).PORT);
  return isWrong ? [`the service ${metadata.name} leads to another port than that of ${only.name}`] : [];
}

/** ORDER_URL is that of the service `order`. */
function asking({ name, env }: Program, services: readonly Service[]): string[] {
  const urls = Object.entries(env).filter(([variable]) =>
    /^(ORDER|PAYMENT|REPORTING|SAGA_LOG|BFF)_URL$/.test(variable),
  );
  return urls.flatMap(([variable, url]) => {
    const meant = variable.replace(/_URL$/, '').toLowerCase().replaceAll('_', '-');
    const service = services.find(({ metadata }) => metadata.name === meant);
    const { hostname, port } = new URL(url);
    const isThere = hostname === meant && service?.spec.ports.some((one) => one.port === Number(port || 80));
    return isThere ? [] : [`${variable} of ${name} is not where the service ${meant} is`];
  });
}

export const mistakes = [
  mistake('order listens on 127.0.0.1 alone', 'Deployment order', `${MAIN}/env/0/value`, '127.0.0.1'),
  mistake('order listens on 3000, which is not its port http', 'Deployment order', `${MAIN}/env/1/value`, '3000'),
  mistake('bff listens on 8080, which is not its port http', 'Deployment bff', `${MAIN}/ports/0/containerPort`, 3000),
  mistake('a probe of order is missing or elsewhere', 'Deployment order', `${MAIN}/startupProbe`),
  mistake('a probe of order is missing or elsewhere', 'Deployment order', `${MAIN}/livenessProbe/httpGet/port`, 80),
  mistake('nobody asks whether order is ready', 'Deployment order', `${MAIN}/readinessProbe/httpGet/path`, '/ready'),
  mistake(
    'nobody asks whether order is alive',
    'Deployment order',
    `${MAIN}/livenessProbe/httpGet/path`,
    '/health/ready',
  ),
  mistake(
    'nobody asks whether order has come up',
    'Deployment order',
    `${MAIN}/startupProbe/httpGet/path`,
    '/health/ready',
  ),
  mistake(
    'the probe of bff gives up before its checks do',
    'Deployment bff',
    `${MAIN}/readinessProbe/timeoutSeconds`,
    3,
  ),
  mistake('the probe of bff gives up before its checks do', 'ConfigMap bff', '/data/CHECK_TIMEOUT_MS', '4000'),
  mistake('payment is killed before it has stopped', 'Deployment payment', `${POD}/terminationGracePeriodSeconds`, 14),
  mistake('payment is killed before it has stopped', 'ConfigMap payment', '/data/GRACE_MS', '20000'),
  mistake('the service order leads to nobody', 'Service order', `/spec/selector/${NAME}`, 'orders'),
  mistake('the service order leads to bff', 'Service order', `/spec/selector/${NAME}`, 'bff'),
  mistake('the service order leads to another port', 'Service order', '/spec/ports/0/targetPort', 3000),
  mistake('SAGA_LOG_URL of bff is not where', 'Service saga-log', ''),
  mistake('SAGA_LOG_URL of bff is not where', 'ConfigMap bff', '/data/SAGA_LOG_URL', 'http://saga-log'),
  mistake('ORDER_URL of bff is not where', 'ConfigMap bff', '/data/ORDER_URL', 'http://reporting:8080'),
];
