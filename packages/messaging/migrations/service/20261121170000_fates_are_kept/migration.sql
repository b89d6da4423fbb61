-- Only what was simply handled is forgotten: what has ever died is known for as long as its letter.
DROP INDEX messaging.inbox_handled_at;
CREATE INDEX inbox_handled_at ON messaging.inbox (handled_at) WHERE outcome = 'done' AND redrive = 0;
