import { expect, test } from "./support/test";

test.use({ expectedErrors: [/Failed to load resource/] });

test("a page whose request fails says why, and recovers on retry", async ({ page }) => {
  let broken = true;
  await page.route("**/api/dashboard/summary", async (route) => {
    if (!broken) return route.continue();
    return route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "Internal error",
        status: 500,
        detail: "Something failed in the service. Look for the reference in its log.",
        reference: "7f3a9c",
      }),
    });
  });
  await page.goto("/executive");
  await expect(page.getByRole("alert")).toContainText("Something failed in the service");
  await expect(page.getByRole("alert")).toContainText("7f3a9c");
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Executive summary" })).toBeVisible();
});

test("a slow answer is waited for behind a skeleton, not behind a blank page", async ({ page }) => {
  await page.route("**/api/portfolio", async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await page.goto("/portfolio");
  await expect(page.getByRole("status", { name: "Loading the portfolio" })).toBeVisible();
  await expect(page.getByRole("grid", { name: "Customers" })).toBeVisible();
});

test("an execution that cannot be sent is not lost: it offers to try again", async ({ page }) => {
  await page.route("**/api/actions/*/execute", (route) => route.abort("connectionrefused"));
  await page.goto("/");
  const work = page.getByRole("region", { name: "Needs you" });
  await work.getByRole("listitem").getByRole("button").first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Execute" }).click();
  await expect(page.getByText(/^Not executed/)).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "hidden" });
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
});

test("files travel compressed, and are not sent again unchanged", async ({ page }) => {
  const script = (await (await page.request.get("/")).text()).match(/\/assets\/[\w-]+\.js/)?.[0];
  const sent = await page.request.get(script ?? "", { headers: { "accept-encoding": "gzip" } });
  const { etag = "", "content-encoding": encoding } = sent.headers();
  expect(encoding).toBe("gzip");
  const again = await page.request.get(script ?? "", {
    headers: { "accept-encoding": "gzip", "if-none-match": etag },
  });
  expect(again.status()).toBe(304);
  const plain = await page.request.get(script ?? "", {
    headers: { "accept-encoding": "identity" },
  });
  expect(plain.headers()["content-encoding"]).toBeUndefined();
  expect(await plain.text()).toBe(await sent.text());
});
