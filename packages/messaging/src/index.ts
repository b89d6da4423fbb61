export { type Backoff, delayAfter, outageLog, pause, untilAvailable } from './backoff.js';
export { type Batcher, createBatcher } from './batcher.js';
export { type BatchingPublisher, createBatchingPublisher } from './batching-publisher.js';
export { type Catalogue, type Contract, createCatalogue, decodeBody, type MessageContext } from './catalogue.js';
export { type Incoming, on, type SubscriptionDefinition } from './consumer/delivery.js';
export {
  armCrashPoint,
  checkCrashPoint,
  CRASH_ACTIONS,
  CRASH_POINTS,
  type CrashAction,
  crashLine,
  type CrashPoint,
  passCrashPoint,
} from './crash-points.js';
export type { DeadLetters, Judged, Page } from './dead-letters/dead-letters.js';
export type { Body, DeadLetter, DeadLetterInFull } from './dead-letters/describe.js';
export { LARGEST_PAGE, type ListPage, type Selection, type SelectionPage } from './dead-letters/selection.js';
export { LETTER_STATES, type LetterState } from './dead-letters/state.js';
export type { DropVerdict, RedriveVerdict } from './dead-letters/verdict.js';
export { type Cause, causedBy, type Envelope, readEnvelope, toProperties } from './envelope.js';
export { describeError, type ErrorDescription } from './describe-error.js';
export { AlpesError, ERROR_CODES, type ErrorCode, type ErrorDetail } from './errors.js';
export type { Extent, Inspector } from './inspector.js';
export type { Logger } from './logger.js';
export { createMessaging, type Messaging } from './messaging.js';
export { DEFAULT_MESSAGING_SETTINGS, type MessagingSettings } from './messaging-settings.js';
export { migrate, migrateEmbeddedLog, migrateMessaging } from './migrations/migrate.js';
export type { Outbox } from './outbox/outbox.js';
export { givingUpAfter } from './postgres/silence.js';
export { createStatementNames } from './postgres/statement-names.js';
export type { Publisher, TransportMessage } from './publisher.js';
export { createReplay, endsOfWhole, type Replay, type Replayed, type ReplayedDeath } from './replay/replay.js';
export { type HeldSchema, type MessageSchema, schemaOf, type SchemaRegistry } from './schema-registry.js';
export { MAX_MESSAGE_BYTES } from './size-limit.js';
export { type Cleaner, type CleanerOptions, createCleaner, type DeleteStep } from './retention/cleaner.js';
export type { SqlClient, TransactionalClient } from './sql.js';
export type { ReceivedMessage, SubscribeOptions, Subscriber, Subscription } from './subscriber.js';
export { createSweep, type Sweep } from './sweep.js';
export { deadLetterTopic } from './topic-names.js';
export { childTraceparent, traceIdOf } from './trace-context.js';
export type { Topology, Transport } from './transport.js';
export { connectTransport, DEFAULT_TRANSPORT_SETTINGS, type TransportSettings } from './transports/connect.js';
export { removeNamespace } from './transports/pulsar/remove-namespace.js';
export { DEFAULT_PULSAR_SETTINGS, type PulsarSettings } from './transports/pulsar/settings.js';
export { createWake, type Wake } from './wake.js';
export { readingOf, sharedReading } from './reading.js';
export { shared } from './shared.js';
export { within } from './within.js';
export { prismaInboxStore } from './inbox/prisma-store.js';
export type { Fate, FateStore, InboxKey, InboxStore } from './inbox/store.js';
export { prismaOutboxStore } from './outbox/prisma-store.js';
export type { OutboxRow, OutboxStats, OutboxStore } from './outbox/store.js';
