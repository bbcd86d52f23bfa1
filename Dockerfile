# syntax=docker/dockerfile:1

FROM oven/bun:1.4.5 AS packages
WORKDIR /app
COPY package.json bun.lock bunfig.toml ./
# Peers are compilers and typings; what runs is a dependency.
RUN bun install --frozen-lockfile --production --ignore-scripts --omit=peer

# The files for browsers, made from packages that the server does not need.
FROM packages AS assets
RUN bun install --frozen-lockfile --ignore-scripts
COPY tsconfig.json ./
COPY src src
RUN bun --no-env-file src/cli/assets.ts

FROM oven/bun:1.4.5
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/node_modules node_modules
COPY --from=assets /app/build build
COPY package.json bun.lock bunfig.toml tsconfig.json ./
COPY src src
COPY db db
# What must outlive the container; the folder's owner becomes that of a new volume.
RUN mkdir output && chown bun:bun output
VOLUME /app/output

USER bun
EXPOSE 8000
# The server itself is process 1: it gets the signal, closes its sockets with a reason, and ends.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["bun", "-e", "const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`); process.exit(ok ? 0 : 1)"]
CMD ["bun", "--no-env-file", "src/main.ts"]
