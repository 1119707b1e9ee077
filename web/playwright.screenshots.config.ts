import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "@playwright/test";
import { browser } from "./tests/journeys/support/browser";

// The pictures show the published data folder of this checkout, where there is one.
const published = process.env.CUSTOMER360_DATA ?? resolve(import.meta.dirname, "../data");
if (existsSync(resolve(published, "warehouse/current.duckdb"))) {
  process.env.CUSTOMER360_TEST_DATA ??= published;
}

export default defineConfig({
  testDir: "tests/screenshots",
  globalSetup: "./tests/journeys/support/global-setup.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 60_000,
  reporter: [["list"]],
  use: {
    ...browser,
    viewport: { width: 1280, height: 800 },
  },
});
