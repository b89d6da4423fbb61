interface Scenario {
  /** In `loadtest/`. */
  readonly script: string;
  /** How long it takes unless told; absent where that can't be told. */
  readonly minutes?: number;
  /** What it does at a rate of orders a minute, for a person. */
  readonly says: (rate: number, minutes?: number) => string;
}

const number = (value: number): string => value.toLocaleString('en');
const constant = (rate: number, minutes?: number): string => `${number(rate)} orders a minute for ${minutes} min`;

const table = {
  steady: { script: 'steady.ts', minutes: 1, says: constant },
  ramp: {
    script: 'ramp.ts',
    says: (rate) => `twice as many orders every 10 s, from ${number(2 * rate)} a minute to ${number(128 * rate)}`,
  },
  spike: { script: 'spike.ts', says: (rate) => `${number(rate)} orders a minute, and ten times as many for 10 s` },
  soak: { script: 'steady.ts', minutes: 30, says: constant },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof table;

/** What can be run, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = table;
export const scenarioNames = Object.keys(table) as ScenarioName[];
export const isScenario = (name: string): name is ScenarioName => Object.hasOwn(table, name);
