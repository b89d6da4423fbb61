-- A log of messages: partitioned topics, and subscriptions that remember what they have acknowledged.
CREATE SCHEMA IF NOT EXISTS log;

CREATE TABLE log.topic (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  partitions integer NOT NULL CHECK (partitions > 0)
);

-- Appending locks the partition's row and takes offsets from it, so the order of commits is the order of offsets,
-- and a reader never sees an offset before the one below it.
CREATE TABLE log.partition (
  topic_id    integer NOT NULL REFERENCES log.topic (id),
  number      integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic_id, number)
) WITH (fillfactor = 50);

CREATE TABLE log.message (
  topic_id     integer NOT NULL,
  partition    integer NOT NULL,
  "offset"     bigint NOT NULL,
  key          text NOT NULL,
  properties   json NOT NULL,
  payload      bytea NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (topic_id, partition, "offset"),
  FOREIGN KEY (topic_id, partition) REFERENCES log.partition (topic_id, number)
);

-- How far a subscription is on one partition, and which consumer has it until when. Acknowledged offsets are a set, not
-- a position: a message that waits for a retry holds up nothing behind it.
CREATE TABLE log.cursor (
  topic_id     integer NOT NULL,
  subscription text NOT NULL,
  partition    integer NOT NULL,
  acknowledged int8multirange NOT NULL DEFAULT '{}',
  owner        uuid,
  leased_until timestamptz,
  PRIMARY KEY (topic_id, subscription, partition),
  FOREIGN KEY (topic_id, partition) REFERENCES log.partition (topic_id, number)
) WITH (fillfactor = 50);

-- The living consumers of a subscription, who share its partitions.
CREATE TABLE log.member (
  topic_id     integer NOT NULL REFERENCES log.topic (id),
  subscription text NOT NULL,
  id           uuid NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (topic_id, subscription, id)
);
