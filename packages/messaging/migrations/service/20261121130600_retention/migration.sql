-- Finds the rows whose time is over, oldest first. The other tables of this schema stay small.
CREATE INDEX inbox_handled_at ON messaging.inbox (handled_at);
