import { expect, required, test, tokenOf } from "./support/test";

test.describe("an account manager", () => {
  test.use({ role: "owner" });

  test("sees their own customers first, and chooses others by the address", async ({ page }) => {
    const owner = required("JOURNEY_OWNER");
    await page.goto("/");
    const work = page.getByRole("region", { name: "Needs you" });
    const chosen = work.getByLabel("Owner");
    await expect(chosen).toHaveValue(owner);
    const mine = await work.getByRole("listitem").count();
    expect(mine).toBeGreaterThan(0);

    await chosen.selectOption({ label: "Everybody's customers" });
    await expect(page).toHaveURL(/owner=$/);
    await expect.poll(() => work.getByRole("listitem").count()).toBeGreaterThan(mine);
    await page.reload();
    await expect(work.getByLabel("Owner")).toHaveValue("");

    await work.getByLabel("Owner").selectOption(owner);
    await expect(work.getByRole("listitem")).toHaveCount(mine);
    await work.getByRole("link").first().click();
    await page.getByRole("link", { name: "Today" }).last().click();
    await expect(work.getByLabel("Owner")).toHaveValue(owner);
  });
});

test.describe("a caller who may see one region", () => {
  test.use({ role: "regional", expectedErrors: [/404/] });

  test("finds no other region on any page, nor by address", async ({ page, playwright }) => {
    const region = required("JOURNEY_REGION");
    await page.goto("/portfolio");
    const regions = page.getByRole("region", { name: "By region" });
    await expect(regions.getByRole("button")).toHaveCount(1);
    await expect(regions.getByRole("button")).toContainText(region);

    await page.goto("/executive");
    const shares = page.getByRole("region", { name: "MRR by region" });
    await expect(shares.getByRole("listitem")).toHaveCount(1);
    await expect(shares).toContainText(region);
    await page.getByRole("button", { name: /^Signed in as/ }).click();
    await expect(page.getByText(`Viewer: reads, in ${region}`)).toBeVisible();

    const anyone = await playwright.request.newContext({
      baseURL: required("JOURNEY_ADDRESS"),
      extraHTTPHeaders: { Authorization: `Bearer ${tokenOf("viewer")}` },
    });
    const everybody = await (await anyone.get("/api/customers?limit=100")).json();
    await anyone.dispose();
    const elsewhere = everybody.items.find(
      (customer: { customer_kind: string; region: string | null }) =>
        customer.customer_kind === "account" && customer.region !== region,
    );
    await page.goto(`/customer/${elsewhere.customer_id}`);
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByText(elsewhere.customer_name)).toHaveCount(0);
  });
});

test("a new build is told of quietly, and shown on request", async ({ page }) => {
  let published = false;
  await page.route("**/api/build", async (route) => {
    const answer = await route.fetch();
    const build = await answer.json();
    await route.fulfill({
      response: answer,
      json: published ? { ...build, build_id: `${build.build_id}-next` } : build,
    });
  });
  await page.goto("/data");
  await expect(page.getByRole("heading", { level: 1, name: "Data" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Data: / })).toBeVisible();
  published = true;
  // Someone comes back to the tab: the badge asks at once instead of at its next minute.
  await page.evaluate(() =>
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
  );
  const notice = page.getByRole("status").filter({ hasText: /^New data: / });
  await expect(notice).toBeVisible();
  const read = page.waitForResponse("**/api/status");
  await notice.getByRole("button", { name: "Show" }).click();
  await read;
  await expect(notice).toHaveCount(0);
});
