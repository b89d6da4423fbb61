import type { Image, ImageEnum, ImageField, ImageFile, ImageMessage, ImageRoute } from './image.js';

/** What a contract says, with the comments of its sources. */
export interface ContractText {
  readonly messages: readonly MessageText[];
  readonly enums: readonly EnumText[];
}

export interface MessageText {
  /** Full name, such as `alpes.order.v1.CrearOrden`. */
  readonly type: string;
  readonly name: string;
  readonly file: string;
  readonly comment: string;
  /** Absent for a message that is only part of others. */
  readonly route?: ImageRoute;
  readonly fields: readonly FieldText[];
}

export interface FieldText {
  readonly number: number;
  readonly name: string;
  readonly isKey: boolean;
  readonly isRepeated: boolean;
  readonly isOptional: boolean;
  /** A scalar, such as `int64`, or the full name of a message or enum. */
  readonly type: string;
  readonly comment: string;
}

export interface EnumText {
  readonly type: string;
  readonly name: string;
  readonly comment: string;
  readonly values: readonly { readonly number: number; readonly name: string; readonly comment: string }[];
}

/** Where things stand in a descriptor: https://protobuf.com/docs/descriptors#source-code-info-location-paths */
const MESSAGE_OF_FILE = 4;
const ENUM_OF_FILE = 5;
const FIELD_OF_MESSAGE = 2;
const NESTED_OF_MESSAGE = 3;
const ENUM_OF_MESSAGE = 4;
const VALUE_OF_ENUM = 2;

interface Place {
  readonly file: ImageFile;
  /** What the names within are prefixed with. */
  readonly scope: string;
  readonly path: readonly number[];
  readonly commentOf: (...path: number[]) => string;
}

/** The options say how messages travel; they are no messages themselves. */
const isContract = ({ name }: ImageFile): boolean => name.startsWith('alpes/') && !name.startsWith('alpes/messaging/');

/** Everything that the platform's own files declare. */
export function readContract(image: Image): ContractText {
  const places = image.file.filter(isContract).map(placeOf);
  const declared = places.flatMap(({ file, ...place }) => [
    ...(file.messageType ?? []).map((m, i) => readMessage(m, { ...place, file, path: [MESSAGE_OF_FILE, i] })),
    {
      messages: [],
      enums: (file.enumType ?? []).map((e, i) => readEnum(e, { ...place, file, path: [ENUM_OF_FILE, i] })),
    },
  ]);
  return merge(declared);
}

function placeOf(file: ImageFile): Place {
  const comments = new Map(
    (file.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [String(path ?? []), leadingComments]),
  );
  const commentOf = (...path: number[]): string => (comments.get(String(path)) ?? '').trim().replaceAll(/\s+/g, ' ');
  return { file, scope: file.package, path: [], commentOf };
}

const merge = (parts: readonly ContractText[]): ContractText => ({
  messages: parts.flatMap(({ messages }) => messages),
  enums: parts.flatMap(({ enums }) => enums),
});

function readMessage(message: ImageMessage, place: Place): ContractText {
  const { scope, path, commentOf, file } = place;
  const type = `${scope}.${message.name}`;
  const route = message.options?.['[alpes.messaging.v1.route]'];
  const fields = (message.field ?? []).map((field, i) => readField(field, commentOf(...path, FIELD_OF_MESSAGE, i)));
  const within = (kind: number, i: number): Place => ({ ...place, scope: type, path: [...path, kind, i] });
  return merge([
    {
      messages: [
        {
          ...{ type, name: message.name, file: file.name, comment: commentOf(...path), fields },
          ...(route !== undefined && { route }),
        },
      ],
      enums: (message.enumType ?? []).map((one, i) => readEnum(one, within(ENUM_OF_MESSAGE, i))),
    },
    ...(message.nestedType ?? []).map((one, i) => readMessage(one, within(NESTED_OF_MESSAGE, i))),
  ]);
}

function readField(field: ImageField, comment: string): FieldText {
  return {
    ...{ number: field.number, name: field.name, comment },
    isKey: field.options?.['[alpes.messaging.v1.key]'] === true,
    isRepeated: field.label === 'LABEL_REPEATED',
    isOptional: field.proto3Optional === true,
    type: field.typeName?.slice(1) ?? field.type.replace('TYPE_', '').toLowerCase(),
  };
}

function readEnum({ name, value }: ImageEnum, { scope, path, commentOf }: Place): EnumText {
  return {
    ...{ type: `${scope}.${name}`, name, comment: commentOf(...path) },
    values: value.map(({ name, number = 0 }, i) => ({ name, number, comment: commentOf(...path, VALUE_OF_ENUM, i) })),
  };
}
