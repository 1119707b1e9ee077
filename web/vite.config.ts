import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SERVICE = process.env.CUSTOMER360_SERVICE_URL ?? "http://127.0.0.1:5000";

/** What libraries bring along and the dashboard never calls: the module that asks for it, and its name there. */
const UNUSED = [
  { importer: "axios/lib/adapters/adapters.js", source: "./fetch.js" },
  { importer: "src/client/client/client.gen.ts", source: "../core/serverSentEvents.gen" },
];

/** Leaves these out of the bundle, as axios itself leaves out its Node.js adapter. */
function withoutUnused(): Plugin {
  return {
    name: "without-unused",
    enforce: "pre",
    resolveId(source, importer) {
      const isUnused = UNUSED.some(
        (one) => one.source === source && importer?.endsWith(one.importer),
      );
      return isUnused ? resolve(import.meta.dirname, "build-support/unused.ts") : null;
    },
  };
}

export default defineConfig({
  plugins: [withoutUnused(), react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: { host: "127.0.0.1", port: 3000, strictPort: true, proxy: { "/api": SERVICE } },
  build: {
    target: "es2023",
    manifest: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // The first load is one file: it compresses better, and none of it waits for another.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
    },
  },
  test: {
    // A file that needs a document asks for one in its first line.
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}", "tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    // Formatting depends on both; a test means the same on every machine.
    env: { TZ: "UTC", LANG: "en-US" },
  },
});
