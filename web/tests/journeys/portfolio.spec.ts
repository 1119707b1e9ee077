import { expect, test } from "./support/test";

test("filters live in the address, and back undoes nothing but the page", async ({ page }) => {
  await page.goto("/portfolio");
  const grid = page.getByRole("grid", { name: "Customers" });
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  const all = Number(await grid.getAttribute("aria-rowcount"));

  const byHealth = page.getByRole("region", { name: "By health" });
  await byHealth.getByRole("button", { name: /At-Risk/ }).click();
  await expect(page).toHaveURL(/health=At-Risk/);
  await expect.poll(async () => Number(await grid.getAttribute("aria-rowcount"))).toBeLessThan(all);
  const filtered = await grid.getAttribute("aria-rowcount");

  await page.reload();
  await expect(grid).toHaveAttribute("aria-rowcount", filtered ?? "");
  await page.getByRole("button", { name: "Health: At-Risk" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", String(all));
});

test("the keyboard walks the list, opens a customer and goes on to the next", async ({ page }) => {
  await page.goto("/portfolio?sort=-mrr_usd");
  const grid = page.getByRole("grid", { name: "Customers" });
  const nameOf = async (row: number) =>
    (await grid.getByRole("row").nth(row).getByRole("gridcell").first().innerText()).trim();
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  const [second, third] = [await nameOf(2), await nameOf(3)];

  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: second })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 1, name: third })).toBeVisible();
  await page.getByRole("link", { name: "Portfolio" }).last().click();
  await expect(page).toHaveURL(/sort=-mrr_usd/);
});

test("back leads to the row one left, in the table and down the page", async ({ page }) => {
  await page.goto("/portfolio");
  const grid = page.getByRole("grid", { name: "Customers" });
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  await grid.evaluate((element) => element.scrollTo(0, 900));
  // The rows in sight are drawn anew, and the first of them is above the edge.
  await expect(grid.locator("[aria-rowindex='31']")).toBeVisible();
  const row = grid.locator("[aria-rowindex='31']");
  const name = await row.getByRole("gridcell").first().innerText();
  await row.click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  // The timeline is drawn last, and makes the page long enough to be where it was.
  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await expect(timeline.getByRole("listitem").first()).toBeVisible();
  await timeline.evaluate((element) => element.scrollIntoView());
  const place = await page.evaluate(() => window.scrollY);
  expect(place).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Alerts", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Alerts" })).toBeVisible();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(place);
  await page.goBack();
  await expect(grid.getByRole("row", { selected: true })).toContainText(name);
  await expect(grid.getByRole("row", { selected: true })).toBeInViewport();
});

test("a view is saved under a name, and columns are chosen", async ({ page }) => {
  await page.goto("/portfolio?churn=MEDIUM");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the view").fill("Medium risk");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.goto("/portfolio");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "Medium risk" }).click();
  await expect(page).toHaveURL(/churn=MEDIUM/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Country").check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Country" })).toBeVisible();
});

test("the table downloads as CSV with every filtered row", async ({ page }) => {
  await page.goto("/portfolio");
  const grid = page.getByRole("grid", { name: "Customers" });
  await expect(grid).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  const { readFileSync } = await import("node:fs");
  const lines = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines[0]).toContain("customer_id,customer_name");
  expect(String(lines.length)).toBe(await grid.getAttribute("aria-rowcount"));
});
