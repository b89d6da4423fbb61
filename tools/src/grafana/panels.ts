/** A graph of the dashboard. */
export interface Panel {
  readonly title: string;
  /** As Grafana names units. */
  readonly unit: 'short' | 's' | 'percentunit' | 'reqps' | 'ops' | 'bytes';
  /** Expressions by their legends. */
  readonly lines: Readonly<Record<string, string>>;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const quantile = (share: number, metric: string, by: string): string =>
  `histogram_quantile(${share}, sum by (le, ${by}) (rate(${metric}_bucket[$__rate_interval])))`;

/** From what people notice to what is behind it. */
export const rows: readonly Row[] = [
  {
    title: 'Orders',
    panels: [
      {
        title: 'Accepted and finished',
        unit: 'ops',
        lines: {
          accepted: 'sum(rate(alpes_orders_accepted_total[$__rate_interval]))',
          '{{status}}': 'sum by (status) (rate(alpes_order_duration_seconds_count[$__rate_interval]))',
        },
      },
      {
        title: 'From acceptance to the final state',
        unit: 's',
        lines: {
          'half {{status}}': quantile(0.5, 'alpes_order_duration_seconds', 'status'),
          '99 % {{status}}': quantile(0.99, 'alpes_order_duration_seconds', 'status'),
          'oldest that is open': 'max(alpes_orders_oldest_open_age_seconds)',
        },
      },
      {
        title: 'Not in time: share of the orders; the budget is 0.1 %',
        unit: 'percentunit',
        lines: {
          '5 minutes': 'alpes:orders_missed:ratio_5m',
          '1 hour': 'alpes:orders_missed:ratio_1h',
          '6 hours': 'alpes:orders_missed:ratio_6h',
        },
      },
      {
        title: 'Open or wrong',
        unit: 'short',
        lines: {
          overdue: 'max(alpes_orders_overdue)',
          'with a version missing': 'max(alpes_saga_version_gaps)',
          'dead letters of {{subscription}}': 'max by (subscription) (alpes_dead_letters_open)',
        },
      },
    ],
  },
  {
    title: 'Requests and gateway',
    panels: [
      {
        title: 'Requests',
        unit: 'reqps',
        lines: {
          '{{service}} {{status}}':
            'sum by (service, status) (rate(http_server_request_duration_seconds_count{route!~"/health/.*|/metrics"}[$__rate_interval]))',
        },
      },
      {
        title: 'Requests: time of 99 %',
        unit: 's',
        lines: { '{{service}} {{route}}': quantile(0.99, 'http_server_request_duration_seconds', 'service, route') },
      },
      {
        title: 'Calls of the gateway',
        unit: 'ops',
        lines: {
          '{{outcome}}': 'sum by (outcome) (rate(alpes_payment_gateway_call_duration_seconds_count[$__rate_interval]))',
        },
      },
      {
        title: 'Requests refused, for there are too many',
        unit: 'reqps',
        lines: {
          '{{service}} {{lane}}': 'sum by (service, lane) (rate(alpes_http_requests_shed_total[$__rate_interval]))',
        },
      },
      {
        title: 'Gateway: time of 99 %, and what waits for it',
        unit: 'short',
        lines: {
          'seconds, {{outcome}}': quantile(0.99, 'alpes_payment_gateway_call_duration_seconds', 'outcome'),
          'transactions that wait': 'max(alpes_payment_work_pending)',
        },
      },
    ],
  },
  {
    title: 'Messages',
    panels: [
      {
        title: 'Handled',
        unit: 'ops',
        lines: {
          '{{subscription}} {{message}}':
            'sum by (subscription, message) (rate(alpes_messages_handled_total[$__rate_interval]))',
        },
      },
      {
        title: 'Not acknowledged, or waiting for the next try',
        unit: 'short',
        lines: {
          '{{subscription}} {{topic}}': 'max by (subscription, topic) (alpes_consumer_lag_messages)',
          '{{subscription}} {{topic}}, next try': 'sum by (subscription, topic) (alpes_consumer_waiting_messages) > 0',
          '{{subscription}} {{topic}}, partitions without a consumer':
            'max by (subscription, topic) (alpes_consumer_unattended_partitions) > 0',
        },
      },
      {
        title: 'Failed and dead',
        unit: 'ops',
        lines: {
          '{{subscription}} failed tries':
            'sum by (subscription) (rate(alpes_messages_failed_total[$__rate_interval]))',
          '{{subscription}} dead, {{reason}}':
            'sum by (subscription, reason) (rate(alpes_messages_dead_lettered_total[$__rate_interval]))',
        },
      },
      {
        title: 'A batch: time of 99 %',
        unit: 's',
        lines: { '{{subscription}}': quantile(0.99, 'messaging_process_duration_seconds', 'subscription') },
      },
      {
        title: 'Outbox: published',
        unit: 'ops',
        lines: { '{{service}}': 'sum by (service) (rate(alpes_outbox_relayed_total[$__rate_interval]))' },
      },
      {
        title: 'Outbox: what waits, and for how long',
        unit: 'short',
        lines: {
          '{{service}}, messages': 'max by (service) (alpes_outbox_pending)',
          '{{service}}, seconds': 'max by (service) (alpes_outbox_oldest_age_seconds)',
          '{{service}}, relays': 'sum by (service) (alpes_outbox_relay_active)',
        },
      },
    ],
  },
  {
    title: 'Processes',
    panels: [
      {
        title: 'Not there, or not ready',
        unit: 'short',
        lines: {
          '{{instance}} does not answer': 'up{job="alpes"} == 0',
          '{{instance}} {{check}}': 'alpes_ready == 0',
        },
      },
      {
        title: 'Processors in use',
        unit: 'short',
        lines: { '{{instance}}': 'rate(process_cpu_seconds_total{job="alpes"}[$__rate_interval])' },
      },
      {
        title: 'Memory',
        unit: 'bytes',
        lines: { '{{instance}}': 'process_resident_memory_bytes{job="alpes"}' },
      },
      {
        title: 'Event loop: delay of 99 %',
        unit: 's',
        lines: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{job="alpes"}' },
      },
      {
        title: 'Rows deleted because their time is over',
        unit: 'ops',
        lines: {
          '{{service}} {{table}}': 'sum by (service, table) (rate(alpes_rows_deleted_total[$__rate_interval]))',
        },
      },
    ],
  },
];
