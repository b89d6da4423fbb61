import { create, type DescFile, type DescMessage, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** A message, as it is described to who has never seen its proto files. */
export interface MessageSchema {
  /** Its full name. */
  readonly message: string;
  /** Name of the proto file that declares it. */
  readonly file: string;
  /** That file and all that it needs, as a `google.protobuf.FileDescriptorSet` in bytes. */
  readonly descriptors: Uint8Array;
}

/** A version of the schema of a topic. */
export interface HeldSchema {
  readonly version: number;
  /** The broker's name of what kind of schema it is. */
  readonly type: string;
  /** Undefined if it is no Protobuf message. */
  readonly schema: MessageSchema | undefined;
}

/** Where a broker keeps what its topics carry, for others to discover. Publishing and receiving need none of it. */
export interface SchemaRegistry {
  /** All that it holds of a topic, oldest first; nothing if there is no such topic. */
  versions(topic: string): Promise<readonly HeldSchema[]>;
  /**
   * Registers a schema unless it is held, whichever version it is, and returns that version. Rejects with `configuration`
   * if the broker refuses it.
   */
  register(topic: string, schema: MessageSchema): Promise<number>;
}

/** The same bytes for the same message, whoever asks. */
export function schemaOf({ typeName, file }: DescMessage): MessageSchema {
  const set = create(FileDescriptorSetSchema, { file: [...withDependencies(file)].map(({ proto }) => proto) });
  return { message: typeName, file: file.proto.name, descriptors: toBinary(FileDescriptorSetSchema, set) };
}

/** Each file behind those that it needs. */
function withDependencies(file: DescFile, found = new Set<DescFile>()): Set<DescFile> {
  for (const dependency of file.dependencies) withDependencies(dependency, found);
  return found.add(file);
}
