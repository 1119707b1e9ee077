import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVICE = process.env.CUSTOMER360_SERVICE_URL ?? "http://127.0.0.1:5000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: { port: 3000, strictPort: true, proxy: { "/api": SERVICE } },
  build: { target: "es2023", manifest: true, reportCompressedSize: false },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    // Formatting depends on both; a test means the same on every machine.
    env: { TZ: "UTC", LANG: "en-US" },
  },
});
