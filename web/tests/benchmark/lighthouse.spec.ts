import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { browser } from "../journeys/support/browser";
import { openRecommendation, test, tokenOf } from "../journeys/support/test";

/** Fetched into npm's cache when it is run; no part of the dashboard needs it. */
const LIGHTHOUSE = "lighthouse@12.8.2";
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
const REPORT_BYTES = 50_000_000;

interface Report {
  finalDisplayedUrl: string;
  categories: Record<(typeof CATEGORIES)[number], { score: number | null }>;
}

/** Lighthouse's judgement of a page as a desktop shows it, in a browser that sends the token along. */
async function judge(address: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    "npx",
    [
      "--yes",
      LIGHTHOUSE,
      address,
      "--preset=desktop",
      "--quiet",
      "--output=json",
      `--only-categories=${CATEGORIES.join(",")}`,
      `--extra-headers=${JSON.stringify({ Authorization: `Bearer ${tokenOf("agent")}` })}`,
      `--chrome-flags=--headless ${browser.launchOptions.args.join(" ")}`,
    ],
    {
      env: { ...process.env, CHROME_PATH: browser.launchOptions.executablePath },
      maxBuffer: REPORT_BYTES,
    },
  );
  return JSON.parse(stdout);
}

test("Lighthouse on the three main pages", async ({ page, baseURL }) => {
  test.setTimeout(600_000);
  const { customer } = await openRecommendation(page);
  const pages = {
    Today: "/",
    Portfolio: "/portfolio",
    Customer: `/customer/${customer.customer_id}`,
  };
  process.stdout.write(`\n| Lighthouse | ${CATEGORIES.join(" | ")} |\n`);
  for (const [name, path] of Object.entries(pages)) {
    const report = await judge(`${baseURL}${path}`);
    const scores = CATEGORIES.map((category) =>
      Math.round((report.categories[category].score ?? 0) * 100),
    );
    process.stdout.write(`\n| ${name} | ${scores.join(" | ")} |\n`);
  }
});
