-- What an operator did with a dead message. `redriven` is the number of its latest redrive: above `redrive`, while that is
-- on its way.
ALTER TABLE messaging.inbox
  ADD COLUMN redriven integer NOT NULL DEFAULT 0,
  DROP CONSTRAINT inbox_outcome_check,
  ADD CONSTRAINT inbox_outcome_check CHECK (outcome IN ('done', 'dead', 'dropped'));

-- The dead with which nobody has done anything yet. Messages that are handled never get into it.
CREATE INDEX inbox_open_dead ON messaging.inbox (subscription) WHERE outcome = 'dead' AND redriven <= redrive;
