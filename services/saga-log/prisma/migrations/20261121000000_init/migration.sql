-- CreateTable
CREATE TABLE "steps" (
    "message_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "causation_id" TEXT,
    "correlation_id" TEXT NOT NULL,
    "trace_id" TEXT NOT NULL,
    "order_version" INTEGER,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "steps_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "steps_order_id_order_version_idx" ON "steps"("order_id", "order_version");

-- CreateIndex
CREATE INDEX "steps_recorded_at_idx" ON "steps"("recorded_at");
