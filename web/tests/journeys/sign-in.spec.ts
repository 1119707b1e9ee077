import { expect, openRecommendation, test, tokenOf } from "./support/test";

test.describe("nobody is signed in", () => {
  test.use({ role: null, expectedErrors: [/401/] });

  test("a wrong token is refused in words, the right one leads to where one wanted to go", async ({
    page,
  }) => {
    await page.goto("/executive");
    await page.getByLabel("Access token").fill("c360_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("not known or has been revoked");
    await page.getByLabel("Access token").fill(tokenOf("viewer"));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Executive summary" })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe("/executive");
  });

  test("a sign-in link works, and leaves no token in the address", async ({ page }) => {
    await page.goto(`/sign-in#token=${tokenOf("admin")}`);
    await expect(page.getByRole("heading", { name: /need/ })).toBeVisible();
    expect(page.url()).not.toContain("c360_");
  });
});

test.describe("a session that ends", () => {
  test.use({ expectedErrors: [/401/] });

  test("brings one back to the same place", async ({ page, context }) => {
    await page.goto("/portfolio?health=Critical");
    await expect(page.getByRole("grid")).toBeVisible();
    await context.clearCookies();
    await page.getByRole("link", { name: "Executive" }).click();
    await page.getByLabel("Access token").fill(tokenOf("agent"));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Executive summary" })).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(/health=Critical/);
  });
});

test.describe("roles", () => {
  test.use({ role: "viewer" });

  test("a viewer reads everything and executes nothing", async ({ page }) => {
    const { customer } = await openRecommendation(page);
    await page.goto(`/customer/${customer.customer_id}`);
    await expect(page.getByRole("heading", { name: "Next best actions" })).toBeVisible();
    await expect(
      page.getByRole("listitem").filter({ hasText: "Estimated impact" }).first(),
    ).toBeVisible();
    await expect(page.getByRole("button", { name: "Execute" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Acknowledge" })).toHaveCount(0);
  });
});

test.describe("signing out", () => {
  test.use({ role: null, expectedErrors: [/401/] });

  test("ends the session on the server too", async ({ page }) => {
    await page.goto(`/sign-in#token=${tokenOf("viewer")}`);
    await page.getByRole("button", { name: /Signed in as/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("Access token")).toBeVisible();
    expect((await page.request.get("/api/session")).status()).toBe(401);
  });
});
