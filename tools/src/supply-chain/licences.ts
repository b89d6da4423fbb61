import satisfies from 'spdx-satisfies';
import { installed, type Lock, nameOf, readLock } from './lock.js';
import { productionLock } from './production.js';

/** Licences that let us run, change and pass on what is under them, without passing on our own sources. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Packages that may be used although package-lock.json names none of those for them; each says why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

const ADVICE =
  'Use another package. If this one may be used all the same, add its licence to ALLOWED, or its name, with the reason, to ' +
  'EXCEPTIONS, in tools/src/supply-chain/licences.ts.';

/** A line for each package of production whose licence is not allowed, and for each exception that is none any more. */
export function licenceProblems(lock: Lock, exceptions = EXCEPTIONS): readonly string[] {
  const refused = installed(productionLock(lock)).filter(([, { license }]) => !isAllowed(license));
  const names = new Set(refused.map(([folder]) => nameOf(folder)));
  return [
    ...refused
      .filter(([folder]) => !Object.hasOwn(exceptions, nameOf(folder)))
      .map(([folder, { version, license }]) => `${nameOf(folder)}@${version}: ${license ?? 'no licence'}`),
    ...Object.keys(exceptions)
      .filter((name) => !names.has(name))
      .map((name) => `${name} needs no exception any more`),
  ];
}

function isAllowed(licence: string | undefined): boolean {
  try {
    return licence !== undefined && satisfies(licence, ALLOWED);
  } catch {
    // Not SPDX, such as "SEE LICENSE IN …".
    return false;
  }
}

/** Throws, with what to do, unless all that production runs is under licences that are allowed. */
export function checkLicences(lock: Lock = readLock()): void {
  const problems = licenceProblems(lock);
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n\n${ADVICE}`);
}
