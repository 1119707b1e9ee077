import { existsSync } from "node:fs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const launchOptions = {
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
