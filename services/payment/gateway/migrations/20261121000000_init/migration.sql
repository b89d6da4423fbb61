-- What the simulated gateway has charged: the books of a remote party, which payment itself never reads.
CREATE TABLE charges (
  -- One key is one charge, however often it is asked for.
  idempotency_key uuid PRIMARY KEY,
  order_id        uuid NOT NULL,
  amount          bigint NOT NULL CHECK (amount >= 0),
  currency        char(3) NOT NULL,
  -- An approved row is money taken; a rejected one is a refusal that is remembered.
  outcome         text NOT NULL CHECK (outcome IN ('approved', 'rejected')),
  reason          text NOT NULL,
  reference       text NOT NULL,
  -- How often this key was asked for.
  calls           integer NOT NULL DEFAULT 1,
  charged_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX charges_order_id ON charges (order_id);
