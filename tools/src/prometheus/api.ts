/** An alert that fires, or will unless its cause goes away. */
export interface Alert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Since when it is pending or firing. */
  readonly since: Date;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Series {
  readonly labels: Labels;
  readonly points: readonly { readonly at: Date; readonly value: number }[];
}

export interface Range {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: number;
}

/** The questions that can be asked of a Prometheus; each rejects with what it says of an expression that it does not understand. */
export interface PrometheusApi {
  alerts(): Promise<readonly Alert[]>;
  /** What an expression is at this moment. */
  query(expression: string): Promise<readonly Sample[]>;
  queryRange(expression: string, range: Range): Promise<readonly Series[]>;
}

/** Asks the Prometheus at this URL. */
export function prometheusApi(url: string): PrometheusApi {
  const ask = (path: string, parameters: Record<string, string> = {}): Promise<unknown> =>
    askApi(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
  return {
    alerts: async () => ((await ask('alerts')) as { alerts: ApiAlert[] }).alerts.map(toAlert),
    query: async (query) =>
      ((await ask('query', { query })) as { result: ApiSample[] }).result.map(({ metric, value: [, value] }) => ({
        labels: metric,
        value: Number(value),
      })),
    queryRange: async (query, { from, to, stepSeconds }) => {
      const range = { start: from.toISOString(), end: to.toISOString(), step: String(stepSeconds) };
      return ((await ask('query_range', { query, ...range })) as { result: ApiSeries[] }).result.map(toSeries);
    },
  };
}

interface ApiAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: string;
  readonly value: string;
}

/** Seconds, and a number as text. */
type ApiPoint = readonly [number, string];

interface ApiSample {
  readonly metric: Record<string, string>;
  readonly value: ApiPoint;
}

interface ApiSeries {
  readonly metric: Record<string, string>;
  readonly values: readonly ApiPoint[];
}

function toAlert({ labels: { alertname = '', ...labels }, annotations, state, activeAt, value }: ApiAlert): Alert {
  return { ...{ name: alertname, state, labels, annotations }, since: new Date(activeAt), value: Number(value) };
}

function toSeries({ metric, values }: ApiSeries): Series {
  const points = values.map(([at, value]) => ({ at: new Date(at * 1_000), value: Number(value) }));
  return { labels: metric, points };
}

async function askApi(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  const answer = (await response.json()) as { status: string; data: unknown; error?: string };
  if (answer.status !== 'success') throw new Error(`Prometheus: ${answer.error}`);
  return answer.data;
}
