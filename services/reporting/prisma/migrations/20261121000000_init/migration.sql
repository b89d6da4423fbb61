-- CreateTable
CREATE TABLE "order_reports" (
    "id" UUID NOT NULL,
    "client_id" BIGINT,
    "address" TEXT,
    "currency" CHAR(3),
    "status" TEXT CHECK ("status" IN ('PENDING', 'APPROVED', 'REJECTED')),
    "total" BIGINT CHECK ("total" >= 0),
    "lines" JSONB,
    "order_version" INTEGER,
    "created_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3),
    "transaction_id" UUID,
    "transaction_state" TEXT CHECK ("transaction_state" IN ('APPROVED', 'REJECTED')),
    "transaction_amount" BIGINT CHECK ("transaction_amount" >= 0),
    "transaction_currency" CHAR(3),
    "transaction_version" INTEGER,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_reports_pkey" PRIMARY KEY ("id")
);
