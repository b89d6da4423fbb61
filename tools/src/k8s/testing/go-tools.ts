import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goInstall } from '../../go/go.js';
import { keepFolder } from '../../keep-folder.js';
import { readSettings } from '../../pulsar/settings.js';

const run = promisify(execFile);

const COMMANDS = ['sigs.k8s.io/kustomize/kustomize/v5@v5.7.1', 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0'];
/** Where the API is described: of Kubernetes itself, and of KEDA's resources. */
const KUBERNETES = 'k8s.io/kubernetes@v1.34.4';
const KEDA = 'github.com/kedacore/keda/v2@v2.16.1';

/** Paths of what the tests of the manifests are made with. */
export interface GoTools {
  readonly kustomize: string;
  readonly kubeconform: string;
  /** Kubernetes' API, as Swagger 2.0. */
  readonly swagger: string;
  /** A folder with KEDA's resource definitions. */
  readonly definitions: string;
}

/** Built and fetched once, beside Pulsar's distribution. */
export async function goTools(): Promise<GoTools> {
  const { cacheDir } = readSettings(process.env);
  const folder = join(cacheDir, `kubernetes-${[...COMMANDS, KUBERNETES, KEDA].map(shortened).join('-')}`);
  await keepFolder(folder, make);
  return {
    kustomize: join(folder, 'kustomize'),
    kubeconform: join(folder, 'kubeconform'),
    swagger: join(folder, 'swagger.json'),
    definitions: join(folder, 'definitions'),
  };
}

/** kustomize-5.7.1 of …/kustomize/v5@v5.7.1 */
const shortened = (module: string): string =>
  module.replace(
    /^.*\/([a-z]+)(\/v\d+)?@v([\d.]+)$/,
    (_, name: string, _major, version: string) => `${name}-${version}`,
  );

async function make(folder: string): Promise<void> {
  const modules = join(folder, 'modules');
  await goInstall(folder, COMMANDS);
  const [kubernetes, keda] = [await download(KUBERNETES, modules), await download(KEDA, modules)];
  cpSync(join(kubernetes, 'api/openapi-spec/swagger.json'), join(folder, 'swagger.json'));
  cpSync(join(keda, 'config/crd/bases'), join(folder, 'definitions'), { recursive: true });
  rmSync(modules, { recursive: true });
}

/** Into a folder of its own, which is not kept: a repository is more than we need of it. Resolves to where the module is. */
async function download(module: string, modules: string): Promise<string> {
  const env = { ...process.env, GOMODCACHE: modules, GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local' };
  mkdirSync(modules, { recursive: true });
  const { stdout } = await run('go', ['mod', 'download', '-json', module], { cwd: modules, env });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
