-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "last" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entries" (
    "n" BIGSERIAL NOT NULL,
    "account" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "transfer" UUID NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("n")
);

-- CreateTable
CREATE TABLE "arrivals" (
    "n" BIGSERIAL NOT NULL,
    "account" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "entry" UUID NOT NULL,

    CONSTRAINT "arrivals_pkey" PRIMARY KEY ("n")
);
