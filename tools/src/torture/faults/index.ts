import { backends } from './backends.js';
import { brokerFrozen, brokerKilled } from './broker.js';
import { crashPoint } from './crash-point.js';
import { databaseAway } from './database-away.js';
import { diskFull } from './disk-full.js';
import type { FaultKind } from './fault.js';
import { foreignConnections } from './foreign-connections.js';
import { freeze } from './freeze.js';
import { kill } from './kill.js';
import { longTransaction } from './long-transaction.js';
import { badWays } from './network.js';
import { endOfPostgres } from './postgres.js';

/** Every kind of fault. */
export const faultKinds: readonly FaultKind[] = [
  kill,
  freeze,
  ...[crashPoint('kill'), crashPoint('freeze')],
  ...[endOfPostgres('postgres-killed'), endOfPostgres('postgres-crashed'), endOfPostgres('postgres-restarted')],
  ...[databaseAway, backends, foreignConnections, longTransaction('long-transaction')],
  ...[longTransaction('locked-table'), diskFull],
  ...[brokerKilled, brokerFrozen],
  ...badWays,
];
