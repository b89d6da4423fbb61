import type { MessageSchema, SchemaRegistry } from '../../schema-registry.js';
import { type Ask, parse } from './http.js';
import { namespacePath, type Place } from './names.js';

const TYPE = 'PROTOBUF_NATIVE';

/** What the admin API tells of a version. */
interface Version {
  readonly version: number;
  readonly type: string;
  readonly data: string;
}

/** As Pulsar writes a schema of the type PROTOBUF_NATIVE (`ProtobufNativeSchemaData` in its sources); bytes in base64. */
interface NativeSchema {
  readonly fileDescriptorSet: string;
  readonly rootMessageTypeName: string;
  readonly rootFileDescriptorName: string;
}

/** The schema registry of Pulsar. Of a new version it compares no more than type and name of the message. */
export function connectSchemas(ask: Ask, place: Place): SchemaRegistry {
  const pathOf = (topic: string): string => `/admin/v2/schemas/${namespacePath(place)}/${encodeURIComponent(topic)}`;
  return {
    versions: async (topic) => {
      const answer = parse(await ask('GET', `${pathOf(topic)}/schemas`), 404);
      const versions = (answer as { getSchemaResponses: Version[] } | undefined)?.getSchemaResponses ?? [];
      return versions.map(({ version, type, data }) => ({
        ...{ version, type },
        schema: type === TYPE ? read(JSON.parse(data) as NativeSchema) : undefined,
      }));
    },
    register: async (topic, schema) => {
      // The broker compares this text, byte by byte, with what it holds.
      const body = JSON.stringify({ type: TYPE, schema: JSON.stringify(write(schema)), properties: {} });
      const answer = parse(await ask('POST', `${pathOf(topic)}/schema`, body));
      return (answer as { version: { version: number } }).version.version;
    },
  };
}

function read({ fileDescriptorSet, rootMessageTypeName, rootFileDescriptorName }: NativeSchema): MessageSchema {
  const descriptors = new Uint8Array(Buffer.from(fileDescriptorSet, 'base64'));
  return { message: rootMessageTypeName, file: rootFileDescriptorName, descriptors };
}

function write({ message, file, descriptors }: MessageSchema): NativeSchema {
  const fileDescriptorSet = Buffer.from(descriptors).toString('base64');
  return { fileDescriptorSet, rootMessageTypeName: message, rootFileDescriptorName: file };
}
