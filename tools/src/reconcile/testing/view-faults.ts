import { about, copy, type Expected, type Fault, fault, paid } from './fault.js';
import { sampleId } from './sample-orders.js';

const order = `id = '${paid.id}'`;
const ofOrder = `order_id = '${paid.id}'`;
const stranger = sampleId('a message that nobody has seen');

/** A wrong value for each column of a report. */
const wrongColumns: Readonly<Record<string, string>> = {
  ...{ client_id: '43', address: 'elsewhere', currency: 'USD', status: 'REJECTED', total: '2599' },
  lines: '[{"sku": "CAF-1", "name": "Tea", "quantity": 2, "unitPrice": 1299}]',
  ...{ order_version: '1', created_at: '2026-11-21T10:15:30.124Z', updated_at: '2026-11-21T10:15:31.457Z' },
  ...{ transaction_id: stranger, transaction_state: 'REJECTED', transaction_amount: '2597' },
  ...{ transaction_currency: 'USD', transaction_version: '2', processed_at: '2026-11-21T10:15:31.401Z' },
};

const reportFaults: readonly Fault[] = [
  fault(
    'no report',
    [['reporting', `DELETE FROM order_reports WHERE ${order}`]],
    about('report-missing', 'Reporting has no row of it'),
  ),
  fault(
    'a doubled report',
    [
      ['reporting', 'ALTER TABLE order_reports DROP CONSTRAINT order_reports_pkey'],
      ['reporting', copy('order_reports', order)],
    ],
    about('report-doubled', '2 rows'),
  ),
  ...Object.entries(wrongColumns).map(([column, value]) =>
    fault(
      `a report with another ${column}`,
      [['reporting', `UPDATE order_reports SET ${column} = '${value}' WHERE ${order}`]],
      about('report-disagrees', `have: ${column} is "`),
    ),
  ),
  fault(
    'an empty report',
    [
      [
        'reporting',
        `UPDATE order_reports SET ${Object.keys(wrongColumns)
          .map((column) => `${column} = NULL`)
          .join(', ')} WHERE ${order}`,
      ],
    ],
    about('report-disagrees', 'have: client_id is empty, not "42"; '),
  ),
];

/** The steps that follow from each. */
const following: Readonly<Record<string, readonly string[]>> = {
  CrearOrden: ['OrdenCreada'],
  OrdenCreada: ['CrearLog', 'TransaccionProcesada'],
  TransaccionProcesada: ['OrdenActualizada'],
  OrdenActualizada: [],
};

const stepFaults: readonly Fault[] = Object.entries(following).flatMap(([message, results]) => {
  const step = `${ofOrder} AND message = '${message}'`;
  const uncaused: Expected[] = results.length === 0 ? [] : [about('cause-missing', `timeline: ${results[0]} (`)];
  return [
    fault(
      `a timeline without ${message}`,
      [['saga-log', `DELETE FROM steps WHERE ${step}`]],
      about('step-missing', `has no ${message}.`),
      ...uncaused,
    ),
    fault(
      `a timeline with two ${message}`,
      [
        [
          'saga-log',
          `INSERT INTO steps (message_id, order_id, at, service, message, state, detail, causation_id, correlation_id, trace_id)
           SELECT '${stranger}', order_id, at, service, message, state, detail, causation_id, correlation_id, trace_id
           FROM steps WHERE ${step}`,
        ],
      ],
      about('step-doubled', `has ${message} 2 times.`),
    ),
    fault(
      `a timeline in which ${message} tells of another state`,
      [['saga-log', `UPDATE steps SET state = 'REJECTED' WHERE ${step}`]],
      about('step-disagrees', `the state of ${message} is "REJECTED"`),
    ),
    fault(
      `a timeline in which ${message} is of another trace`,
      [['saga-log', `UPDATE steps SET trace_id = '${'f'.repeat(32)}' WHERE ${step}`]],
      about('trace-foreign', message === 'CrearOrden' ? `than ${'f'.repeat(32)}` : `${message} (${'f'.repeat(32)})`),
    ),
  ];
});

const timelineFaults: readonly Fault[] = [
  fault(
    'no timeline',
    [['saga-log', `DELETE FROM steps WHERE ${ofOrder}`]],
    about('step-missing', 'has no CrearOrden, OrdenCreada, TransaccionProcesada, OrdenActualizada'),
  ),
  ...[
    [`'${stranger}'`, stranger],
    ['NULL', 'none named'],
    ['message_id::text', paid.messages.CrearLog],
  ].map(([cause = '', says = '']) =>
    fault(
      `a step whose cause is ${cause}`,
      [['saga-log', `UPDATE steps SET causation_id = ${cause} WHERE ${ofOrder} AND message = 'CrearLog'`]],
      about('cause-missing', `CrearLog (${says})`),
    ),
  ),
];

export const viewFaults: readonly Fault[] = [...reportFaults, ...stepFaults, ...timelineFaults];
