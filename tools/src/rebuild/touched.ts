import { catalogue } from '@alpes/contracts';
import { decodeBody, type ReceivedMessage } from '@alpes/messaging';

/** Collects what messages are about, by the field that keys them: whatever key a foreign producer sent them with. */
export function collectSubjects(): { readonly subjects: ReadonlySet<string>; add(message: ReceivedMessage): void } {
  const subjects = new Set<string>();
  const contracts = new Map(catalogue.contracts.map((contract) => [contract.topic, contract]));
  return {
    subjects,
    add: ({ topic, payload }) => {
      const contract = contracts.get(topic);
      if (contract === undefined) return;
      try {
        const body = decodeBody(contract.schema, payload) as unknown as Readonly<Record<string, unknown>>;
        subjects.add(String(body[contract.keyField]));
      } catch {
        // What nobody can read changes nothing anywhere.
      }
    },
  };
}
