-- CreateTable
CREATE TABLE "transactions" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('CHARGE')),
    "amount" BIGINT NOT NULL CHECK ("amount" >= 0),
    "currency" CHAR(3) NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('PENDING', 'APPROVED', 'REJECTED')),
    "version" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "gateway_reference" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "cause_id" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "traceparent" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transactions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "transactions_order_id_kind_key" ON "transactions"("order_id", "kind");

-- The work list: what the gateway has not answered, oldest due first. Prisma's schema can't express it.
CREATE INDEX "transactions_due" ON "transactions"("next_attempt_at") WHERE "state" = 'PENDING';
