import { createFileRegistry, fromBinary, getOption } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { expect, it } from '@jest/globals';
import { contractFile } from '../fixtures/contract-files.js';
import { route } from './gen/alpes/messaging/v1/options_pb.js';
import { schemaOf } from './schema-registry.js';

it('the schema of a message is all that is needed to read it, its route included, each file behind those it needs', () => {
  const [message] = contractFile({ name: 'OrderPlaced', route: {}, fields: { order_id: 'string' } }).messages;
  if (message === undefined) throw new Error('the file has no message');
  const schema = schemaOf(message);
  expect(schema).toMatchObject({ message: 'shop.v1.OrderPlaced', file: 'shop/v1/events.proto' });
  expect(schemaOf(message)).toEqual(schema);
  const set = fromBinary(FileDescriptorSetSchema, schema.descriptors);
  expect(set.file.map(({ name }) => name)).toEqual([
    'google/protobuf/descriptor.proto',
    'alpes/messaging/v1/options.proto',
    'shop/v1/events.proto',
  ]);
  const found = createFileRegistry(set).getMessage('shop.v1.OrderPlaced');
  expect(found?.fields.map(({ name }) => name)).toEqual(['order_id']);
  expect(found && getOption(found, route).topic).toBe('orders');
});
