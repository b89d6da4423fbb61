-- CreateTable
CREATE TABLE "idempotency_keys" (
    "client_id" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" CHAR(64) NOT NULL,
    "order_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("client_id", "key")
);

-- CreateIndex
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys"("expires_at");
