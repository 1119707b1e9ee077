import type { Locator, Page } from "@playwright/test";
import { expect, openRecommendation, someCustomer, test, tokenOf } from "./support/test";

/** More stops than any page has before its main thing. */
const MOST_STOPS = 150;

interface Stop {
  /** Null where the focus has left the page. */
  name: string | null;
  isTarget: boolean;
  isSameAsBefore: boolean;
  /** Whether somebody who looks at the page can tell where the focus is. */
  isVisible: boolean;
}

async function press(page: Page, key: "Tab" | "Shift+Tab", target?: Locator): Promise<Stop> {
  await page.keyboard.press(key);
  const stop = await (target ?? page.locator("body")).evaluate((wanted): Stop => {
    const element = document.activeElement;
    const isTarget = element === wanted;
    if (!element || element === document.body) {
      return { name: null, isTarget, isSameAsBefore: false, isVisible: true };
    }
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const isMarked = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    const isInSight = box.width > 0 && box.bottom > 0 && box.top < window.innerHeight;
    const memory = window as { focusedBefore?: Element };
    const isSameAsBefore = memory.focusedBefore === element;
    memory.focusedBefore = element;
    const name = element.outerHTML.slice(0, 120);
    return { name, isTarget, isSameAsBefore, isVisible: isMarked && isInSight };
  });
  expect(stop.isSameAsBefore, `${key} does not leave ${stop.name}`).toBe(false);
  expect(stop.isVisible, `the focus cannot be seen on ${stop.name}`).toBe(true);
  return stop;
}

/** Presses Tab until an element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if ((await press(page, key, target)).isTarget) return;
  }
  throw new Error(`${target} was not reached in ${MOST_STOPS} stops`);
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
}

/** Enter opens a dialog that holds the focus, and Escape gives it back to what opened it. */
async function openAndClose(page: Page, opener: Locator): Promise<void> {
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(":focus").or(page.locator("[role=dialog]:focus"))).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
}

test("Today: the next action of a customer, then the customer", async ({ page }) => {
  const { action, customer } = await openRecommendation(page);
  await open(page, "/");
  const row = page.getByRole("listitem").filter({ hasText: customer.customer_name }).first();
  const link = row.getByRole("link", { name: customer.customer_name });
  await tabTo(page, link);
  const execute = row.getByRole("button", { name: action });
  await tabTo(page, execute);
  await openAndClose(page, execute);
  await press(page, "Shift+Tab");
  await expect(link).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: customer.customer_name })).toBeVisible();
});

test("Portfolio: filter, walk the table, open a customer", async ({ page }) => {
  await open(page, "/portfolio");
  const grid = page.getByRole("grid", { name: "Customers" });
  const all = await grid.getAttribute("aria-rowcount");
  const filter = page.locator("button[aria-pressed]", { hasText: "At-Risk" });
  await tabTo(page, grid);
  await page.keyboard.press("ArrowDown");
  await expect(grid).toHaveAttribute("aria-activedescendant", "row-1");
  await tabTo(page, filter);
  await page.keyboard.press("Enter");
  await expect(grid).not.toHaveAttribute("aria-rowcount", all ?? "");
  await expect(filter).toBeFocused();
  await tabTo(page, grid, "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  const name = page.getByRole("row", { selected: true }).getByRole("gridcell").first();
  const customer = (await name.innerText()).split("\n")[0] ?? "";
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(customer);
});

test("Customer: a part of the score down to its source rows", async ({ page }) => {
  await open(page, `/customer/${(await someCustomer(page)).customer_id}`);
  const breakdown = page.getByRole("region", { name: /^Why/ });
  const part = breakdown.locator("summary").first();
  await tabTo(page, part);
  await page.keyboard.press("Enter");
  const rows = breakdown.getByRole("button", { name: /^Source rows of/ }).first();
  await tabTo(page, rows);
  await openAndClose(page, rows);
  const billing = page
    .getByRole("region", { name: "Timeline", exact: true })
    .getByRole("button", { name: "Billing", exact: true });
  await tabTo(page, billing);
  await page.keyboard.press("Enter");
  await expect(billing).toHaveAttribute("aria-pressed", "true");
});

test("Alerts: narrow by severity, look at snoozing one", async ({ page }) => {
  await open(page, "/alerts");
  const severity = page.getByRole("combobox", { name: "Severity" });
  await tabTo(page, severity);
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/severity=HIGH/);
  const snooze = page.getByRole("button", { name: "Snooze with an end date" }).first();
  await tabTo(page, snooze);
  await openAndClose(page, snooze);
});

test("Actions: from what was executed to its customer", async ({ page }) => {
  const { id, customer } = await openRecommendation(page);
  const done = await page.request.post(`/api/actions/${id}/execute`, {
    headers: { Authorization: `Bearer ${tokenOf("agent")}`, "Idempotency-Key": `keyboard-${id}` },
    data: {},
  });
  expect(done.ok(), await done.text()).toBe(true);
  await open(page, "/actions");
  await tabTo(page, page.getByRole("link", { name: customer.customer_name }).first());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: customer.customer_name })).toBeVisible();
});

test("Executive summary: read a chart by arrows and as a table", async ({ page }) => {
  await open(page, "/executive");
  const figure = page.getByRole("figure", { name: "MRR over time" });
  const asTable = figure.getByRole("button", { name: "Show the numbers as a table" });
  await tabTo(page, asTable);
  const chart = figure.getByRole("img");
  await tabTo(page, chart);
  const before = await figure.innerText();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => figure.innerText()).not.toBe(before);
  await press(page, "Shift+Tab");
  await expect(asTable).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(figure.getByRole("table")).toBeVisible();
});

test("Score lab: move a weight and a knot, then take it back", async ({ page }) => {
  await open(page, "/score-lab");
  const asInForce = page.getByRole("button", { name: "As in force" });
  await expect(asInForce).toBeDisabled();
  const weight = page.getByRole("slider", { name: /^Weight of/ }).first();
  await tabTo(page, weight);
  const before = Number(await weight.getAttribute("aria-valuenow"));
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("ArrowRight");
  await expect
    .poll(async () => Number(await weight.getAttribute("aria-valuenow")))
    .toBe(before + 5);
  const knot = page.getByRole("slider", { name: /^Points of/ }).first();
  await tabTo(page, knot);
  const points = await knot.getAttribute("aria-valuenow");
  await page.keyboard.press(points === "0" ? "ArrowUp" : "ArrowDown");
  await expect(knot).not.toHaveAttribute("aria-valuenow", points ?? "");
  await tabTo(page, asInForce);
  await page.keyboard.press("Enter");
  await expect(knot).toHaveAttribute("aria-valuenow", points ?? "");
});

test("Data: every stop once, a long table, the rules as a file", async ({ page }) => {
  await open(page, "/data");
  await expect(page.getByRole("region", { name: "Rules in force", exact: true })).toBeVisible();
  const tables = page.getByRole("group", { name: "Tables, with their rows" });
  await tabTo(page, tables);
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => tables.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  await tabTo(page, page.getByRole("button", { name: "Download Rules in force as CSV" }));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.keyboard.press("Enter"),
  ]);
  expect(download.suggestedFilename()).toBe("rules-in-force.csv");
  // On from there the focus leaves the page: nothing holds it.
  let stop = await press(page, "Tab");
  for (let stops = 0; stop.name !== null && stops < MOST_STOPS; stops += 1) {
    stop = await press(page, "Tab");
  }
  expect(stop.name).toBeNull();
});
