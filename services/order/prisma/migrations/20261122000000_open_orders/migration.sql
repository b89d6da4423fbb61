-- The orders whose life is not at an end, oldest first. Prisma's schema can't express it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_open" ON "orders"("created_at") WHERE "status" = 'PENDING';
