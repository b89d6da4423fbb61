import { catalogue } from '@alpes/contracts';
import { type HeldSchema, type MessageSchema, schemaOf } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from './gate.js';
import { changed, without, withText } from './testing/changed-schema.js';

function schemaOn(topic: string): MessageSchema {
  const contract = catalogue.contracts.find((one) => one.topic === topic);
  if (contract === undefined) throw new Error(`no contract has the topic ${topic}`);
  return schemaOf(contract.schema);
}

const today = schemaOn('crear-orden');
const held = (...schemas: MessageSchema[]): HeldSchema[] =>
  schemas.map((schema, version) => ({ version, type: 'PROTOBUF_NATIVE', schema }));

describe('a schema that is to be registered', () => {
  it('passes where none is held, and where it is the latest', async () => {
    expect(await problemsOf(today, [])).toEqual([]);
    expect(await problemsOf(today, held(without(today, 'address'), today))).toEqual([]);
  });

  it('passes if it adds to the latest', async () => {
    expect(await problemsOf(today, held(without(today, 'address')))).toEqual([]);
  });

  it('is refused if a number became a text, or a field is gone: which field, message and version, and by which rule', async () => {
    expect(await problemsOf(withText(today, 'client_id'), held(without(today, 'address'), today))).toEqual([
      'breaks version 1, which the broker holds: Field "2" with name "client_id" on message "CrearOrden" changed type ' +
        'from "int64" to "string". (alpes/order/v1/commands.proto, rule FIELD_SAME_TYPE)',
    ]);
    const [problem] = await problemsOf(without(today, 'address'), held(today));
    expect(problem).toMatch(/version 0.*"3" with name "address" on message "CrearOrden" was deleted.*FIELD_NO_DELETE/);
  });

  it('is refused if a message within it is broken, in another file', async () => {
    const line = schemaOn('crear-orden');
    const other = changed(line, ({ file }) => {
      const message = file.find(({ name }) => name === 'alpes/order/v1/line.proto')?.messageType[0];
      message?.field.pop();
    });
    expect(await problemsOf(other, held(today))).toEqual([expect.stringContaining('"unit_price" on message "Line"')]);
  });

  it('that was registered before passes, if what came later only adds to it', async () => {
    const yesterday = without(today, 'address');
    expect(await problemsOf(yesterday, held(yesterday, today))).toEqual([]);
    expect(await problemsOf(today, held(today, withText(today, 'client_id')))).toEqual([
      expect.stringMatching(
        /^is version 0, which version 1 on the broker breaks: .*"client_id" on message "CrearOrden"/,
      ),
    ]);
  });

  it('is refused where the broker holds another message, or something else', async () => {
    expect(await problemsOf(today, held(schemaOn('orden-creada')))).toEqual([
      'is not what version 0 is, which the broker holds: the message alpes.order.v1.OrdenCreada',
    ]);
    expect(await problemsOf(today, [{ version: 4, type: 'AVRO', schema: undefined }])).toEqual([
      'is not what version 4 is, which the broker holds: a schema of the type AVRO',
    ]);
  });

  it("is not held to what is Google's own", async () => {
    const older = changed(today, ({ file }) => {
      const google = file.find(({ name }) => name === 'google/protobuf/descriptor.proto');
      google?.messageType.find(({ name }) => name === 'FileOptions')?.field.splice(0, 1);
    });
    expect(await problemsOf(older, held(today))).toEqual([]);
  });
});
