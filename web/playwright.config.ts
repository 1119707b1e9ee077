import { defineConfig } from "@playwright/test";
import { browser, browserOrSkip } from "./tests/journeys/support/browser";

export default defineConfig({
  testDir: "tests/journeys",
  // Without a browser there is nothing to run; the sentence that says so is printed once.
  testIgnore: browserOrSkip() ? [] : ["**"],
  globalSetup: "./tests/journeys/support/global-setup.ts",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // Generous, for machines that are busy with something else; a healthy run takes a second or two.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A journey that passes only the second time is listed as flaky; at hand it fails at once.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    ...browser,
    viewport: { width: 1440, height: 900 },
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
