import { expect, test } from "./support/test";

test("former customers are shown on request, without scores, with what was lost", async ({
  page,
}) => {
  await page.goto("/portfolio");
  const grid = page.getByRole("grid", { name: "Customers" });
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  const customers = Number(await grid.getAttribute("aria-rowcount"));

  await page.getByLabel("Lifecycle stage").selectOption({ label: "Everyone" });
  await expect(page).toHaveURL(/stage=all/);
  await expect
    .poll(async () => Number(await grid.getAttribute("aria-rowcount")))
    .toBeGreaterThan(customers);

  await page.getByLabel("Lifecycle stage").selectOption({ label: "Former customers" });
  await expect(page).toHaveURL(/stage=former/);
  await expect(grid.getByText(/^Former since/).first()).toBeVisible();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Enter");
  const lifecycle = page.getByRole("region", { name: "Lifecycle" });
  await expect(lifecycle).toContainText(/Former customer since \d+ \w+ \d{4}/);
  await expect(lifecycle).toContainText("is not scored");
  await expect(page.getByRole("region", { name: "Churn risk" })).toHaveCount(0);
});

test("a prospect's page says what is known of it", async ({ page }) => {
  await page.goto("/portfolio?stage=prospect");
  const grid = page.getByRole("grid", { name: "Customers" });
  await expect(grid.getByText("Prospect").first()).toBeVisible();
  await page.keyboard.press("Enter");
  const lifecycle = page.getByRole("region", { name: "Lifecycle" });
  await expect(lifecycle).toContainText("Prospect");
  await expect(lifecycle).toContainText(/opportunit/i);
  await expect(lifecycle).toContainText(/contact/);
});
