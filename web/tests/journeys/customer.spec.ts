import { readFileSync } from "node:fs";
import { expect, openRecommendation, someCustomer, test } from "./support/test";

test("search by keyboard, with a typo, and open the customer", async ({ page }) => {
  const customer = await someCustomer(page);
  const [first = "", ...rest] = customer.customer_name.split(" ");
  // Two letters of the first word change places.
  const typo = [
    first.slice(0, 2) + (first[3] ?? "") + (first[2] ?? "") + first.slice(4),
    ...rest,
  ].join(" ");
  await page.goto("/");
  // The page listens to keys from when it is drawn, which follows the answer about the session.
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search customers and pages" }).fill(typo);
  await expect(page.getByRole("option").first()).toContainText(first.slice(0, 2), {
    ignoreCase: true,
  });
  await expect(page.getByRole("option", { name: customer.customer_name }).first()).toBeVisible();
  await page.getByRole("combobox").fill(customer.customer_id);
  await expect(page.getByRole("option", { selected: true })).toContainText(customer.customer_name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: customer.customer_name })).toBeVisible();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("group", { name: "Recent" })).toContainText(customer.customer_name);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a score is the sum of its parts, and opens to its source rows", async ({ page }) => {
  const customer = await someCustomer(page);
  await page.goto(`/customer/${customer.customer_id}`);
  const breakdown = page.getByRole("region", { name: /^Why/ });
  await expect(breakdown.locator("summary").first()).toBeVisible();
  const parts = await breakdown.locator("summary").allInnerTexts();
  const sum = parts.reduce(
    (total, text) => total + Number(/(-?[\d.]+)\s*\/\s*[\d.]+\s*$/.exec(text)?.[1]),
    0,
  );
  const score = Number((await breakdown.getByRole("heading").innerText()).match(/[\d.]+/)?.[0]);
  // Each part is shown to one decimal, so the shown parts may differ from the score by half of it each.
  expect(Math.abs(sum - score)).toBeLessThanOrEqual(0.05 * (parts.length + 1) + 1e-9);

  await breakdown.locator("summary").first().click();
  await breakdown
    .getByRole("button", { name: /^Source rows of/ })
    .first()
    .click();
  const evidence = page.getByRole("dialog", { name: /source rows/ });
  await expect(
    evidence.getByRole("table").or(evidence.getByText("There are no source rows")),
  ).toBeVisible();
  await page.keyboard.press("Escape");

  await breakdown.getByRole("button", { name: "Churn risk" }).click();
  await expect(breakdown).toContainText("higher is riskier");
});

test("the timeline filters by type and loads more", async ({ page }) => {
  const customer = await someCustomer(page);
  await page.goto(`/customer/${customer.customer_id}`);
  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await expect(timeline.getByRole("listitem").first()).toBeVisible();
  const before = await timeline.getByRole("listitem").count();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    timeline.getByRole("button", { name: "Download Timeline as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("timeline.csv");
  const [header, ...events] = readFileSync(await download.path(), "utf8")
    .trim()
    .split(/\r\n/);
  expect(header).toContain("occurred_at,event_type");
  // The file has the whole timeline, not only the part that was scrolled to.
  expect(events.length).toBeGreaterThan(before);
  await timeline.getByRole("listitem").last().scrollIntoViewIfNeeded();
  await expect.poll(() => timeline.getByRole("listitem").count()).toBeGreaterThan(before);
  await timeline.getByRole("button", { name: "Billing" }).click();
  await expect(timeline.getByLabel("Billing").first()).toBeVisible();
  await expect(timeline.getByLabel("Engagement")).toHaveCount(0);
});

test("an execution can be undone before it is sent, and then is on the timeline once", async ({
  page,
}) => {
  const { action, customer } = await openRecommendation(page);
  await page.goto(`/customer/${customer.customer_id}`);
  const item = page
    .getByRole("region", { name: "Next best actions" })
    .getByRole("listitem")
    .filter({ hasText: action })
    .first();
  const execute = async (note: string) => {
    await item.getByRole("button", { name: "Execute" }).click();
    const dialog = page.getByRole("dialog", { name: action });
    await dialog.getByLabel("Note").fill(note);
    await dialog.getByRole("button", { name: "Execute" }).click();
  };

  await execute("not yet");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item.getByRole("button", { name: "Execute" })).toBeVisible();

  await execute("spoke to the CFO");
  await expect(item.getByText("Sending in a moment")).toBeVisible();
  await expect(page.getByText(`Executed: ${action}`)).toBeVisible({ timeout: 15_000 });

  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await timeline.getByRole("button", { name: "Action", exact: true }).click();
  await expect(timeline.getByRole("listitem").filter({ hasText: action })).toHaveCount(1);

  await page.goto("/actions");
  const row = page
    .getByRole("row")
    .filter({ hasText: customer.customer_name })
    .filter({ hasText: action });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("spoke to the CFO");
});
