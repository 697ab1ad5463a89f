FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY ui/package.json ui/
COPY kiosk/package.json kiosk/
COPY console/package.json console/
RUN npm install --no-audit --no-fund --include=dev
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/ui ui
COPY --from=build /app/kiosk kiosk
COPY --from=build /app/console console
COPY --from=build /app/scripts/rehufan-verify.mjs scripts/rehufan-verify.mjs
# The folders of keys and seals are volumes; they take this owner when they are first mounted.
RUN mkdir /keys /seals && chown node:node /keys /seals && chmod 700 /keys
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
