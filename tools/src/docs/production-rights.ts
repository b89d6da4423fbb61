import type { Catalogue } from '@alpes/messaging';
import { type Right, rightsOf } from '../topics/rights.js';
import { code, table } from './markdown.js';

const NAMESPACE = 'alpes/alpes';
/** The role of who looks after the system. */
const OPERATOR = 'operator';

/** The part of docs/how-to/production.md that follows from the contract. */
export function productionRights(catalogue: Pick<Catalogue, 'contracts'>): string {
  const rights = rightsOf(catalogue);
  const services = [...new Set(catalogue.contracts.flatMap(({ consumers }) => consumers))];
  const commands = [
    `pulsar-admin namespaces grant-permission ${NAMESPACE} --role ${OPERATOR} --actions consume`,
    ...services.map(
      (service) =>
        `pulsar-admin namespaces grant-subscription-permission ${NAMESPACE} --subscription ${service} --roles ${service},${OPERATOR}`,
    ),
    ...rights.map(
      ({ role, topic, actions }) =>
        `pulsar-admin topics grant-permission persistent://${NAMESPACE}/${topic} --role ${role} --actions ${actions.join(',')}`,
    ),
  ];
  return [overview(rights), `\`\`\`sh\n${commands.join('\n')}\n\`\`\``].join('\n\n');
}

function overview(rights: readonly Right[]): string {
  const roles = [...new Set(rights.map(({ role }) => role))];
  const topicsOf = (role: string, actions: string): string =>
    rights
      .filter((right) => right.role === role && right.actions.join() === actions)
      .map(({ topic }) => code(topic))
      .join(', ');
  return table(
    ['role', 'produces', 'consumes', 'both'],
    roles.map((role) => [
      role,
      topicsOf(role, 'produce'),
      topicsOf(role, 'consume'),
      topicsOf(role, 'produce,consume'),
    ]),
  );
}

const MARKS = /(<!-- Generated from the proto files[^>]*-->\n\n)[^]*?(\n\n<!-- End of what is generated -->)/;

/** A page with this part in it instead of the one that it has. */
export function withRights(page: string, rights: string): string {
  if (!MARKS.test(page)) throw new Error('the page has no place for what is generated');
  return page.replace(MARKS, (_, begin: string, end: string) => `${begin}${rights}${end}`);
}
