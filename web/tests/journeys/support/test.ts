import { readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import type { Caller } from "./global-setup";

export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is set by the global setup`);
  return value;
}

export function tokenOf(role: Caller): string {
  return readFileSync(join(required("JOURNEY_SESSIONS"), `${role}.token`), "utf8");
}

interface Options {
  /** Who is signed in when the journey begins; null for nobody. */
  role: Caller | null;
}

/** Journeys begin signed in, and fail on any error in the browser's console that they do not expect. */
export const test = base.extend<Options & { expectedErrors: RegExp[] }>({
  role: ["agent", { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what is needed
  baseURL: async ({}, use) => use(required("JOURNEY_ADDRESS")),
  storageState: async ({ role }, use) =>
    use(role ? join(required("JOURNEY_SESSIONS"), `${role}.json`) : { cookies: [], origins: [] }),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what is needed
  expectedErrors: async ({}, use) => use([]),
  page: async ({ page, expectedErrors }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await use(page);
    const unexpected = errors.filter(
      (error) => !expectedErrors.some((expected) => expected.test(error)),
    );
    expect(unexpected, "errors in the browser's console").toEqual([]);
  },
});

export { expect };

/** Accessibility violations of what is on screen, as one readable line each. */
export async function axeViolations(
  page: Page,
  extent: "all" | "without colours" = "all",
): Promise<string[]> {
  const result = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .disableRules(extent === "all" ? [] : ["color-contrast"])
    .analyze();
  return result.violations.map(
    (violation) =>
      `${violation.id}: ${violation.help} (${violation.nodes
        .map((node) => `${node.target} ${node.failureSummary?.split("\n")[1] ?? ""}`)
        .slice(0, 4)
        .join("; ")})`,
  );
}

interface ListedCustomer {
  customer_id: string;
  customer_name: string;
}

/** The first recommendation that is still open, from the API a script would use. */
export async function openRecommendation(
  page: Page,
): Promise<{ id: string; action: string; customer: ListedCustomer }> {
  const today = await (await page.request.get("/api/today")).json();
  for (const item of today.items) {
    const recommendation = item.recommendation;
    if (recommendation?.state === "open") {
      return {
        id: recommendation.recommendation_id,
        action: recommendation.action,
        customer: { customer_id: item.customer_id, customer_name: item.customer_name },
      };
    }
  }
  throw new Error("The test org has no open recommendation on Today");
}

/** The customers of the portfolio, greatest MRR first, as the page lists them. */
export async function someCustomer(page: Page): Promise<ListedCustomer> {
  const list = await (await page.request.get("/api/customers?limit=1&sort=-mrr_usd")).json();
  return list.items[0];
}
