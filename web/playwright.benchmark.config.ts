import { defineConfig } from "@playwright/test";
import { launchOptions } from "./tests/journeys/support/browser";

/** Measures the dashboard over the real service; run by `python -m benchmarks dashboard`. */
export default defineConfig({
  testDir: "tests/benchmark",
  globalSetup: "./tests/journeys/support/global-setup.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 120_000,
  reporter: [["line"]],
  use: {
    browserName: "chromium",
    launchOptions,
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "UTC",
  },
});
