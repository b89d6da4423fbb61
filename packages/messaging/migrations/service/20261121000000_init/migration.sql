-- What a service keeps beside its own tables so that its messages are neither lost nor handled twice.
CREATE SCHEMA IF NOT EXISTS messaging;

-- Messages that wait to be published. A row is deleted once the broker has confirmed it.
CREATE TABLE messaging.outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text NOT NULL,
  key        text NOT NULL,
  properties json NOT NULL,
  payload    bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who may do a job that only one replica does at a time, and until when by this database's clock.
CREATE TABLE messaging.lease (
  name       text PRIMARY KEY,
  owner      uuid NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Which messages were handled, and how that ended. Written in the transaction of the message's effects.
CREATE TABLE messaging.inbox (
  subscription text NOT NULL,
  message_id   uuid NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('done', 'dead')),
  redrive      integer NOT NULL DEFAULT 0,
  handled_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (subscription, message_id)
);

-- How often a message was tried alone. Written before each try, in a transaction of its own: it survives the rollback
-- of the try and the death of the process.
CREATE TABLE messaging.attempt (
  subscription text NOT NULL,
  message_id   uuid NOT NULL,
  attempts     integer NOT NULL,
  tried_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (subscription, message_id)
);

-- Which messages a consumer handles together at the moment. If it dies of one of them, whoever receives them again finds
-- them here and tries them alone, where a death is counted.
CREATE TABLE messaging.in_hand (
  consumer     uuid PRIMARY KEY,
  subscription text NOT NULL,
  message_ids  uuid[] NOT NULL,
  taken_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Bodies of dead messages that are too large to be published again, by this package's own limit.
CREATE TABLE messaging.large_body (
  subscription text NOT NULL,
  message_id   uuid NOT NULL,
  body         bytea NOT NULL,
  stored_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (subscription, message_id)
);
