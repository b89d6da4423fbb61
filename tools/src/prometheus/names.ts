/** What our own processes and rules call theirs. */
const OWN = /\b(?:alpes|http_server|messaging|nodejs|process)[_:][a-z0-9_:]+/g;
/** `# TYPE name type`, as a process tells its metrics. */
const TYPES = /^# TYPE (\S+) (\S+)$/gm;

/** The series that an expression asks for, but for those that Prometheus makes itself. */
export function seriesIn(expression: string): string[] {
  return [...new Set(expression.match(OWN))];
}

/** The series of what a process tells. */
export function seriesOf(metrics: string): string[] {
  return [...metrics.matchAll(TYPES)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
  );
}
