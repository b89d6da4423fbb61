import type { Mistake } from '../mistake.js';
import type { System } from '../system.js';
import * as availability from './availability.js';
import * as backlog from './backlog.js';
import * as files from './files.js';
import * as http from './http.js';
import * as network from './network.js';
import * as order from './order.js';
import * as podSecurity from './pod-security.js';
import * as programs from './programs.js';
import * as scaling from './scaling.js';
import * as settings from './settings.js';

/** Something that manifests are held to. */
export interface Check {
  readonly name: string;
  /** What is wrong. A check that can't be made, because something is not there, has failed. */
  readonly judge: (system: System) => string[];
  /** What it finds, to prove that it does: each in manifests that are right otherwise. */
  readonly mistakes: readonly Mistake[];
}

export const checks: readonly Check[] = [
  check('programs', programs.programs, programs.mistakes),
  check('settings', settings.settings, settings.mistakes),
  check('files', files.files, files.mistakes),
  check('ports, probes and services', http.http, http.mistakes),
  check('autoscalers', scaling.scaling, scaling.mistakes),
  check('triggers of KEDA', backlog.backlog, backlog.mistakes),
  check('availability', availability.availability, availability.mistakes),
  check('order of deployment', order.order, order.mistakes),
  check('network policies', network.network, network.mistakes),
  check('security of pods', podSecurity.podSecurity, podSecurity.mistakes),
];

function check(name: string, run: Check['judge'], mistakes: Check['mistakes']): Check {
  const judge = (system: System): string[] => {
    try {
      return run(system);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  };
  return { name, judge, mistakes };
}
