import { execFile, type ExecFileException } from 'node:child_process';
import { root } from '../start/system.js';

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What of `docker inspect` is looked at. */
export interface Container {
  readonly Name: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly Image: string; readonly Env: readonly string[] };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
  };
}

/** The system of docker-compose.yml under a name of its own, beside which others may run. */
export interface Compose {
  /** Runs `docker compose`; rejects with all that it printed unless it ends with 0. */
  run(...args: string[]): Promise<string>;
  /** The containers of these services, or of all. */
  containers(...services: string[]): Promise<readonly Container[]>;
  /** The service that a container is of. */
  serviceOf(container: Container): string;
}

const MAX_OUTPUT = 64 * 1024 * 1024;

/** Runs `docker`, in the root. */
export function docker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: root, env, maxBuffer: MAX_OUTPUT };
    execFile('docker', [...args], options, (error: ExecFileException | null, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
    });
  });
}

export async function succeed(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await docker(args, env);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

export function compose(project: string, variables: Readonly<Record<string, string>>): Compose {
  const env = { ...process.env, ...variables };
  const run = (...args: string[]): Promise<string> =>
    succeed(['compose', '--project-name', project, '--progress', 'plain', ...args], env);
  return {
    run,
    containers: async (...services) => {
      const ids = (await run('ps', '--all', '--quiet', ...services)).split('\n').filter((id) => id !== '');
      return ids.length === 0 ? [] : (JSON.parse(await succeed(['inspect', ...ids])) as Container[]);
    },
    serviceOf: ({ Name }) => Name.replace(`/${project}-`, '').replace(/-\d+$/, ''),
  };
}
