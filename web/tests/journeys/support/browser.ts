import { existsSync } from "node:fs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const launchOptions = {
  executablePath: CHROMIUM,
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Chromium refuses its sandbox to root, who runs tests in containers.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ],
};

/** The browser of every run, and the person at it: the same dates and numbers on every machine. */
export const browser = {
  browserName: "chromium",
  launchOptions,
  locale: "en-US",
  timezoneId: "UTC",
} as const;

/** Whether the browser tests can run. A machine that must run them fails without a browser. */
export function browserOrSkip(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const advice = `${CHROMIUM} is missing: install it with \`apt-get install chromium\`, or name another in CHROMIUM.`;
  if (process.env.CI === "true") throw new Error(`The browser tests must run here, but ${advice}`);
  if (process.env.TEST_WORKER_INDEX === undefined) {
    process.stdout.write(`Browser tests skipped: ${advice}\n`);
  }
  return false;
}
