-- Serves exports: a range of creation in a stable order. The time of an order's creation never changes, so updates of its
-- state leave the index alone (HOT); with the state in it, or in its WHERE, each would write to every index of the row.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "order_reports_created_at_id_idx" ON "order_reports"("created_at", "id");
