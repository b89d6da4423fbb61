import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, whatever folder the command was given in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The JavaScript files that npm's links in node_modules/.bin lead to: started with our own Node, they need neither a shell nor npx. */
const entryPoints = {
  buf: 'node_modules/@bufbuild/buf/bin/buf',
  jest: 'node_modules/jest/bin/jest.js',
  oxlint: 'node_modules/oxlint/bin/oxlint',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  prisma: 'node_modules/prisma/build/index.js',
  tsc: 'node_modules/typescript/bin/tsc',
};

/** A tool that ended with an exit code other than 0; its message is what the tool printed. */
export class ToolFailed extends Error {
  constructor(command, code, output) {
    super(`${command} ended with ${code}\n${output}`.trimEnd());
    this.output = output;
  }
}

/**
 * Runs a program and collects what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<string>} its standard output and error, interleaved as they came
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => child.kill(signal);
    process.on('SIGTERM', stop);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => reject(new ToolFailed(command, 'an error', String(error))));
    child.on('close', (code, signal) => {
      process.off('SIGTERM', stop);
      const output = Buffer.concat(chunks).toString();
      if (code === 0) resolve(output);
      else reject(new ToolFailed([command, ...args].join(' '), code ?? signal, output));
    });
  });
}

/** Runs one of the tools that npm installed, by its name. */
export function tool(name, args, options) {
  return run(process.execPath, [join(root, entryPoints[name]), ...args], options);
}
