import { type Program, programsOf, type System, valuesOf } from '../system.js';
import { MAIN, mistake } from '../mistake.js';

/** What a program reads or writes as a file is mounted. */
export const files = (system: System): string[] =>
  programsOf(system).flatMap((program) => {
    const authority = program.env['BROKER_TLS_CA'];
    const isThere = authority === undefined || mountedFiles(system, program).includes(authority);
    return [
      ...(isThere ? [] : [`${program.name} finds no ${authority}`]),
      ...(mountOf(program, 'tmp') === '/tmp' ? [] : [`${program.name} has no /tmp`]),
    ];
  });

const mountOf = ({ container }: Program, volume: string): string | undefined =>
  container.volumeMounts?.find(({ name }) => name === volume)?.mountPath;

/** Of its ConfigMaps; throws if one is not there. */
const mountedFiles = (system: System, program: Program): string[] =>
  (program.pod.volumes ?? []).flatMap(({ name, configMap }) => {
    if (configMap === undefined) return [];
    return Object.keys(valuesOf(system, 'ConfigMap', configMap.name)).map((key) => `${mountOf(program, name)}/${key}`);
  });

export const mistakes = [
  mistake('order finds no /etc/alpes/broker/ca.crt', 'Deployment order', `${MAIN}/volumeMounts/0/mountPath`, '/etc/ca'),
  mistake('topics finds no /etc/ca.crt', 'ConfigMap broker', '/data/BROKER_TLS_CA', '/etc/ca.crt'),
  mistake('there is no ConfigMap broker-ca', 'given ConfigMap broker-ca', ''),
  mistake('topics has no /tmp', 'Job topics', `${MAIN}/volumeMounts/1/mountPath`, '/temporary'),
];
