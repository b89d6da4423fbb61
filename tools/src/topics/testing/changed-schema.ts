import type { MessageSchema } from '@alpes/messaging';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Type,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

/** The same schema, changed in one way. */
export function changed(schema: MessageSchema, change: (set: FileDescriptorSet) => void): MessageSchema {
  const set = fromBinary(FileDescriptorSetSchema, schema.descriptors);
  change(set);
  return { ...schema, descriptors: toBinary(FileDescriptorSetSchema, set) };
}

/** A field that was a number becomes a text. */
export const withText = (schema: MessageSchema, field: string): MessageSchema =>
  changed(schema, (set) => {
    fieldOf(messageOf(set, schema), field).type = FieldDescriptorProto_Type.STRING;
  });

export const without = (schema: MessageSchema, field: string): MessageSchema =>
  changed(schema, (set) => {
    const message = messageOf(set, schema);
    message.field = message.field.filter(({ name }) => name !== field);
  });

function messageOf({ file }: FileDescriptorSet, schema: MessageSchema): DescriptorProto {
  const declaring = file.find(({ name }) => name === schema.file);
  const found = declaring?.messageType.find(({ name }) => `${declaring.package}.${name}` === schema.message);
  if (found === undefined) throw new Error(`${schema.message} is not in ${schema.file}`);
  return found;
}

function fieldOf({ field }: DescriptorProto, name: string): FieldDescriptorProto {
  const found = field.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no field ${name}`);
  return found;
}
