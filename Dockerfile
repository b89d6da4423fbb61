# One image per program: docker build --target order -t alpes/order .
# The add-on for pulsar:// is downloaded from its makers. Where they can't be reached: --build-arg PULSAR_CLIENT=none,
# and a BROKER_URL of ws://.

FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/contracts/package.json packages/contracts/
COPY packages/messaging/package.json packages/messaging/
COPY packages/service-kit/package.json packages/service-kit/
COPY services/order/package.json services/order/
COPY services/payment/package.json services/payment/
COPY services/reporting/package.json services/reporting/
COPY services/saga-log/package.json services/saga-log/
COPY bff/package.json bff/
COPY client-faker/package.json client-faker/
COPY tools/package.json tools/

FROM manifests AS installed
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund

# What a program is made of, without what only compilers and people read. The tools are not run as bundles.
FROM installed AS built
COPY . .
RUN npm run setup \
 && mkdir /built \
 && cp -r --parents packages/*/package.json packages/*/dist packages/messaging/migrations /built \
 && cp -r --parents services/*/package.json services/*/dist services/*/prisma/migrations services/payment/gateway /built \
 && cp -r --parents bff/package.json bff/dist bff/prisma/migrations client-faker/package.json client-faker/dist /built \
 && cp -r --parents package.json buf.yaml tools/package.json tools/dist /built \
 && find /built \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete \
 && cp -r /built /built-tools \
 && find /built-tools -name bundle.js -delete

# The add-on with the packages that it needs itself.
FROM installed AS pulsar-client
ARG PULSAR_CLIENT=download
RUN mkdir /pulsar-client \
 && if [ "$PULSAR_CLIENT" != none ]; then \
      npm run pulsar-client || { echo 'The add-on of pulsar:// can not be had. Repeat, or build without it: PULSAR_CLIENT=none, and BROKER_URL=ws://…' >&2; exit 1; }; \
      npm query '#pulsar-client, #pulsar-client *' \
      | node -p 'JSON.parse(fs.readFileSync(0)).map(({ location }) => location).join("\n")' \
      | tar -c -T - | tar -x -C /pulsar-client; \
    fi

# What all programs need in common; of Prisma, what is for PostgreSQL.
FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund --omit=dev --omit=optional --omit=peer \
 && cd node_modules \
 && rm @prisma/client/runtime/*_small_* \
 && find @prisma/client/runtime \( -name '*.cockroachdb.*' -o -name '*.mysql.*' -o -name '*.sqlite.*' -o -name '*.sqlserver.*' \) -delete \
 && find . \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24.21.0-bookworm-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
# Nothing is installed from here on.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=pulsar-client /pulsar-client ./
COPY --from=built /built/packages packages
USER node

FROM runtime AS server
# By itself Node lets the heap grow until the container is killed for it. Compose and Kubernetes give it 384 MB.
ENV NODE_OPTIONS=--max-old-space-size=160
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM server AS order
COPY --from=built /built/services/order services/order
CMD ["node", "services/order/dist/bundle.js"]

FROM server AS payment
COPY --from=built /built/services/payment services/payment
CMD ["node", "services/payment/dist/bundle.js"]

FROM server AS reporting
COPY --from=built /built/services/reporting services/reporting
CMD ["node", "services/reporting/dist/bundle.js"]

FROM server AS saga-log
COPY --from=built /built/services/saga-log services/saga-log
CMD ["node", "services/saga-log/dist/bundle.js"]

FROM server AS bff
COPY --from=built /built/bff bff
CMD ["node", "bff/dist/bundle.js"]

FROM server AS client-faker
COPY --from=dependencies /app/client-faker/node_modules client-faker/node_modules
COPY --from=built /built/client-faker client-faker
CMD ["node", "client-faker/dist/bundle.js"]

# What an operator runs: topics, migrate, reconcile, dlq, rebuild.
FROM runtime AS tools
COPY --from=installed /app/node_modules/@bufbuild node_modules/@bufbuild
COPY --from=built /built-tools ./
CMD ["node", "-e", "console.error('Name a program: node tools/dist/<topics | migrate | reconcile | dlq | rebuild>/cli.js'); process.exit(2)"]
