-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "client_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('PENDING', 'APPROVED', 'REJECTED')),
    "total" BIGINT NOT NULL CHECK ("total" >= 0),
    "lines" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);
