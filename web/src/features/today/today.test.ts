// @vitest-environment happy-dom
import { expect, it } from "vitest";
import type { TodayItem } from "@/client/types.gen";
import { ownersOf } from "./page";

it("names each owner once, in alphabetical order, and nobody for a customer without one", () => {
  const items = ["Zanele", null, "Amos", "Zanele"].map((owner_name) => ({ owner_name }));
  expect(ownersOf(items as TodayItem[])).toEqual(["Amos", "Zanele"]);
});
