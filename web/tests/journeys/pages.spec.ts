import { join } from "node:path";
import { axeViolations, expect, someCustomer, test } from "./support/test";

const PAGES = [
  { path: "/", heading: /need/ },
  { path: "/portfolio", heading: "Portfolio" },
  { path: "/alerts", heading: "Alerts" },
  { path: "/actions", heading: "Actions" },
  { path: "/executive", heading: "Executive summary" },
  { path: "/score-lab", heading: "Score lab" },
  { path: "/data", heading: "Data" },
  { path: "customer", heading: /./ },
];
const WIDTHS = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1600, height: 1000 },
];
/** The width at which colours are judged too: they differ between themes, not between widths. */
const LAPTOP = 1280;

for (const { path, heading } of PAGES) {
  const name = path === "/" ? "today" : path.replace("/", "");
  test(`${name} loads, is accessible and fits its widths, light and dark`, async ({
    page,
  }, info) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(
      path === "customer" ? `/customer/${(await someCustomer(page)).customer_id}` : path,
    );
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
    for (const { width, height } of WIDTHS) {
      await page.setViewportSize({ width, height });
      // Charts and tables take their width a moment after the window's.
      await expect
        .poll(
          () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
          `the page scrolls sideways at ${width}`,
        )
        .toBeLessThanOrEqual(0);
      if (path === "/portfolio" && width === LAPTOP) {
        const hidden = await page
          .getByRole("grid")
          .evaluate((grid) => grid.scrollWidth - grid.clientWidth);
        expect(hidden, "the table scrolls sideways on a laptop").toBeLessThanOrEqual(0);
      }
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        // Kept beside the results, to be looked at.
        const picture = join(info.project.outputDir, "pages", `${name}-${theme}-${width}.png`);
        await page.screenshot({ path: picture });
        if (width === LAPTOP) expect(await axeViolations(page)).toEqual([]);
      }
      if (width < 500) expect(await axeViolations(page, "without colours")).toEqual([]);
    }
  });
}

test("the keyboard alone reaches every page", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const [keys, heading] of [
    ["gp", "Portfolio"],
    ["ga", "Alerts"],
    ["gc", "Actions"],
    ["ge", "Executive summary"],
    ["gl", "Score lab"],
    ["gd", "Data"],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  expect(await axeViolations(page)).toEqual([]);
});

test("the first Tab offers to skip to the content", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
});

test("a theme that was chosen stays chosen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/data");
  await page.getByRole("button", { name: "Theme: as the system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
});

test("an address without a page says so", async ({ page }) => {
  await page.goto("/no-such-page");
  await expect(
    page.getByRole("heading", { name: "There is no page at this address" }),
  ).toBeVisible();
});

test.describe("a customer that does not exist", () => {
  test.use({ expectedErrors: [/404/] });
  test("is explained", async ({ page }) => {
    await page.goto("/customer/001000000000000AAA");
    await expect(page.getByRole("alert")).toBeVisible();
  });
});
