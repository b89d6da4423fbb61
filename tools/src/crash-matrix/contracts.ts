import { create, createFileRegistry, type Message, setExtension } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  file_google_protobuf_descriptor,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MessageOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import { createCatalogue } from '@alpes/messaging';
import {
  file_alpes_messaging_v1_options,
  Kind,
  key as keyOption,
  route as routeOption,
  RouteSchema,
} from '@alpes/messaging/gen/alpes/messaging/v1/options_pb.js';

interface Route {
  readonly topic: string;
  readonly kind: Kind;
  readonly producers: string[];
  readonly consumers: string[];
}

/** All three say the same; the last field tells a stage that the message is poison for it. */
const FIELDS = { account: Type.STRING, transfer: Type.STRING, number: Type.INT32, poison: Type.STRING } as const;

interface Body {
  /** The key. */
  account: string;
  transfer: string;
  number: number;
  poison: string;
}

/** A message of the matrix alone: it needs no proto file that anybody else could mistake for a contract of the system. */
function message(name: string, route: Route): DescriptorProto {
  const options = create(MessageOptionsSchema);
  setExtension(options, routeOption, create(RouteSchema, route));
  const field = Object.entries(FIELDS).map(([fieldName, type], index) => {
    const fieldOptions = create(FieldOptionsSchema);
    if (fieldName === 'account') setExtension(fieldOptions, keyOption, true);
    const number = index + 1;
    return create(FieldDescriptorProtoSchema, {
      ...{ name: fieldName, number, type, label: Label.OPTIONAL, options: fieldOptions },
    });
  });
  return create(DescriptorProtoSchema, { name, options, field });
}

const proto = create(FileDescriptorProtoSchema, {
  ...{ name: 'crash_matrix.proto', package: 'crash_matrix', syntax: 'proto3' },
  dependency: [file_alpes_messaging_v1_options.proto.name],
  messageType: [
    message('Transfer', { topic: 'transfers', kind: Kind.COMMAND, producers: ['feed'], consumers: ['source'] }),
    message('Entry', {
      ...{ topic: 'entries', kind: Kind.INTEGRATION_EVENT, producers: ['source'], consumers: ['sink'] },
    }),
    message('Receipt', { topic: 'receipts', kind: Kind.INTEGRATION_EVENT, producers: ['sink'], consumers: [] }),
  ],
});
const files = [file_google_protobuf_descriptor.proto, file_alpes_messaging_v1_options.proto, proto];
const file = createFileRegistry(create(FileDescriptorSetSchema, { file: files })).getFile(proto.name);
if (file === undefined) throw new Error(`${proto.name} is not in its own registry`);

/** The command: give a transfer the next number of its account. */
export const TransferSchema = file.messages[0] as GenMessage<Transfer>;
export type Transfer = Message<'crash_matrix.Transfer'> & Body;
/** It has one. */
export const EntrySchema = file.messages[1] as GenMessage<Entry>;
export type Entry = Message<'crash_matrix.Entry'> & Body;
/** The second stage has written the entry down. */
export const ReceiptSchema = file.messages[2] as GenMessage<Receipt>;
export type Receipt = Message<'crash_matrix.Receipt'> & Body;

export const catalogue = createCatalogue([file]);
