import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The parts of a compiled contract that the documents need, as `buf build` writes them in JSON. */
export interface Image {
  readonly file: readonly ImageFile[];
}

export interface ImageFile {
  readonly name: string;
  readonly package: string;
  readonly messageType?: readonly ImageMessage[];
  readonly enumType?: readonly ImageEnum[];
  readonly sourceCodeInfo?: { readonly location: readonly ImageLocation[] };
  readonly bufExtension?: { readonly isImport?: boolean };
}

export interface ImageLocation {
  readonly path?: readonly number[];
  readonly leadingComments?: string;
}

export interface ImageMessage {
  readonly name: string;
  readonly field?: readonly ImageField[];
  readonly nestedType?: readonly ImageMessage[];
  readonly enumType?: readonly ImageEnum[];
  readonly options?: { readonly '[alpes.messaging.v1.route]'?: ImageRoute };
}

export interface ImageRoute {
  readonly topic: string;
  readonly kind: string;
  readonly producers?: readonly string[];
  readonly consumers?: readonly string[];
}

export interface ImageField {
  readonly name: string;
  readonly number: number;
  readonly label: string;
  readonly type: string;
  readonly typeName?: string;
  readonly proto3Optional?: boolean;
  readonly options?: { readonly '[alpes.messaging.v1.key]'?: boolean };
}

export interface ImageEnum {
  readonly name: string;
  readonly value: readonly { readonly name: string; readonly number?: number }[];
}

/** Compiles the contract of a checkout, with the comments of its sources. */
export function compileContract(root: string): Image {
  const buf = join(root, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
  const image = execFileSync(process.execPath, [buf, 'build', '-o', '-#format=json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(image) as Image;
}
