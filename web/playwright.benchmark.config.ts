import { defineConfig } from "@playwright/test";
import { browser } from "./tests/journeys/support/browser";

/** Measures the dashboard over the real service; run by `python -m benchmarks dashboard`. */
export default defineConfig({
  testDir: "tests/benchmark",
  globalSetup: "./tests/journeys/support/global-setup.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 120_000,
  reporter: [["line"]],
  use: {
    ...browser,
    viewport: { width: 1440, height: 900 },
  },
});
