import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect, openRecommendation, test } from "../journeys/support/test";

const IMAGES = resolve(import.meta.dirname, "../../../docs/images");

const SUBJECTS: { name: string; open: (page: Page) => Promise<void> }[] = [
  { name: "today", open: async (page) => void (await page.goto("/")) },
  {
    name: "customer",
    open: async (page) => {
      const { customer } = await openRecommendation(page);
      await page.goto(`/customer/${customer.customer_id}`);
      await page.locator("summary").first().click();
    },
  },
  { name: "portfolio", open: async (page) => void (await page.goto("/portfolio")) },
  { name: "executive", open: async (page) => void (await page.goto("/executive")) },
  { name: "score-lab", open: async (page) => void (await page.goto("/score-lab")) },
  { name: "data", open: async (page) => void (await page.goto("/data")) },
];

test.beforeAll(() => {
  mkdirSync(IMAGES, { recursive: true });
});

for (const { name, open } of SUBJECTS) {
  for (const theme of ["light", "dark"] as const) {
    test(`${name} in ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await open(page);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await page.mouse.move(0, 0);
      await page.screenshot({ path: resolve(IMAGES, `${name}-${theme}.png`) });
    });
  }
}
