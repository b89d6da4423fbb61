-- A look at the outbox that does not begin at its first row finds by this the older messages of the keys that it finds.
CREATE INDEX outbox_key ON messaging.outbox USING hash (key);
