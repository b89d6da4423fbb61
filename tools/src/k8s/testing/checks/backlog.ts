import { catalogue } from '@alpes/contracts';
import { brokerSettings, readConfig } from '@alpes/service-kit';
import { ofKind, type Trigger } from '../manifest.js';
import { mistake } from '../mistake.js';
import { deploymentsOf, type Program, type System, valuesOf } from '../system.js';

/** Who consumes is scaled by the backlog of exactly its subscriptions, up to one replica for each partition. */
export const backlog = (system: System): string[] =>
  deploymentsOf(system).flatMap((program) => {
    const { name, env } = program;
    const broker = readConfig(brokerSettings, env);
    const scaler = ofKind(system.manifests, 'ScaledObject').find(({ spec }) => spec.scaleTargetRef.name === name);
    const { triggers = [], maxReplicaCount = 0 } = scaler?.spec ?? {};
    const wanted = topicsOf(name).map(
      (topic) => `persistent://${broker.PULSAR_TENANT}/${broker.PULSAR_NAMESPACE}/${topic} ${name}`,
    );
    const found = triggers.map(({ metadata }) => `${metadata['topic']} ${metadata['subscription']}`);
    const missing = wanted.filter((one) => found.filter((other) => other === one).length !== 1);
    const needless = found.filter((one) => !wanted.includes(one));
    return [
      ...missing.map((one) => `${name} is not scaled by ${one}`),
      ...needless.map((one) => `${name} is scaled by ${one}, which it does not read`),
      ...triggers
        .flatMap((trigger) => measuring(system, trigger, program))
        .map((text) => `a trigger of ${name} ${text}`),
      ...(maxReplicaCount <= broker.BROKER_PARTITIONS
        ? []
        : [`${name} may have more replicas than there are partitions`]),
    ];
  });

const topicsOf = (service: string): string[] =>
  catalogue.contracts.filter(({ consumers }) => consumers.includes(service)).map(({ topic }) => topic);

/** That KEDA can ask: it takes the URL from the container's variables, token and authority from where its parameters say. */
function measuring(system: System, { type, metadata, authenticationRef }: Trigger, { env }: Program): string[] {
  const { parameters, lost } = parametersOf(system, authenticationRef.name);
  const adminUrl = env[metadata['adminURLFromEnv'] ?? ''];
  const isPartitioned = type === 'pulsar' && metadata['isPartitionedTopic'] === 'true';
  const hasToken = metadata['authModes'] === 'bearer' && parameters.includes('bearerToken');
  const hasAuthority = env['BROKER_TLS_CA'] === undefined || parameters.includes('ca');
  return [
    ...(isPartitioned ? [] : ['does not look at all partitions']),
    ...(adminUrl === undefined ? ['does not know where the broker is'] : []),
    ...(hasToken ? [] : ['has no token']),
    ...(hasAuthority ? [] : ['does not trust the broker']),
    ...(Number(metadata['msgBacklogThreshold']) > 0 ? [] : ['has no threshold']),
    ...lost.map((text) => `needs ${text}`),
  ];
}

function parametersOf(system: System, name: string): { parameters: string[]; lost: string[] } {
  const found = ofKind(system.manifests, 'TriggerAuthentication').find(({ metadata }) => metadata.name === name);
  const { secretTargetRef = [], configMapTargetRef = [] } = found?.spec ?? {};
  const lost = [
    ...secretTargetRef.filter((one) => valuesOf(system, 'Secret', one.name)[one.key] === undefined),
    ...configMapTargetRef.filter((one) => valuesOf(system, 'ConfigMap', one.name)[one.key] === undefined),
  ];
  return {
    parameters: [...secretTargetRef, ...configMapTargetRef].map(({ parameter }) => parameter),
    lost: lost.map((one) => `${one.key} of ${one.name}`),
  };
}

const TRIGGER = '/spec/triggers/0/metadata';
const OTHER_TOPIC = 'persistent://alpes/alpes/crear-log';
export const mistakes = [
  mistake('payment may have more replicas than', 'ScaledObject payment', '/spec/maxReplicaCount', 9),
  mistake('reporting may have more replicas than', 'ConfigMap broker', '/data/BROKER_PARTITIONS', '4'),
  mistake(
    'saga-log is not scaled by persistent://alpes/alpes/crear-orden saga-log',
    'ScaledObject saga-log',
    '/spec/triggers/0',
  ),
  mistake('crear-log payment, which it does not read', 'ScaledObject payment', `${TRIGGER}/topic`, OTHER_TOPIC),
  mistake('orden-creada order, which it does not read', 'ScaledObject payment', `${TRIGGER}/subscription`, 'order'),
  mistake(
    'payment is not scaled by persistent://shop/alpes/orden-creada',
    'ConfigMap broker',
    '/data/PULSAR_TENANT',
    'shop',
  ),
  mistake('payment does not look at all partitions', 'ScaledObject payment', `${TRIGGER}/isPartitionedTopic`),
  mistake(
    'payment does not know where the broker is',
    'ScaledObject payment',
    `${TRIGGER}/adminURLFromEnv`,
    'ADMIN_URL',
  ),
  mistake('payment has no token', 'TriggerAuthentication broker', '/spec/secretTargetRef/0/parameter', 'token'),
  mistake('payment has no token', 'ScaledObject payment', '/spec/triggers/0/authenticationRef/name', 'pulsar'),
  mistake('payment does not trust the broker', 'TriggerAuthentication broker', '/spec/configMapTargetRef'),
  mistake('payment needs TOKEN of keda', 'TriggerAuthentication broker', '/spec/secretTargetRef/0/key', 'TOKEN'),
  mistake('payment has no threshold', 'ScaledObject payment', `${TRIGGER}/msgBacklogThreshold`),
];
