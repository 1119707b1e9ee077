import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SERVICE = process.env.CUSTOMER360_SERVICE_URL ?? "http://127.0.0.1:5000";

/** Leaves axios' fetch adapter out of the bundle, as axios itself leaves out its Node.js adapter. */
function withoutFetchAdapter(): Plugin {
  return {
    name: "without-fetch-adapter",
    enforce: "pre",
    resolveId(source, importer) {
      const isAdapterTable = importer?.endsWith("axios/lib/adapters/adapters.js") ?? false;
      if (!isAdapterTable || source !== "./fetch.js") return null;
      return resolve(import.meta.dirname, "build-support/no-fetch-adapter.ts");
    },
  };
}

export default defineConfig({
  plugins: [withoutFetchAdapter(), react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: { port: 3000, strictPort: true, proxy: { "/api": SERVICE } },
  build: {
    target: "es2023",
    manifest: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    // Formatting depends on both; a test means the same on every machine.
    env: { TZ: "UTC", LANG: "en-US" },
  },
});
