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
  { name: "phone", width: 390, height: 844 },
  { name: "laptop", width: 1280, height: 800 },
  { name: "wide", width: 1920, height: 1080 },
];

for (const { path, heading } of PAGES) {
  for (const theme of ["light", "dark"] as const) {
    test(`${path} in ${theme}: loads, is accessible, fits its widths`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.goto(
        path === "customer" ? `/customer/${(await someCustomer(page)).customer_id}` : path,
      );
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await page.waitForLoadState("networkidle");
      // The layout is the same in both themes: one width is enough for the second.
      for (const { name, width, height } of theme === "light" ? WIDTHS : WIDTHS.slice(1, 2)) {
        await page.setViewportSize({ width, height });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(overflow, `the ${name} page scrolls sideways`).toBeLessThanOrEqual(0);
        await page.screenshot({ path: info.outputPath(`${name}.png`) });
        if (name !== "wide") expect(await axeViolations(page)).toEqual([]);
      }
    });
  }
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
