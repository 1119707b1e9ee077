import { describe, expect, it } from "vitest";
import type { Movement } from "@/client/types.gen";
import { sumMovement } from "./movement";

const month = (name: string, opening: number, added: number, churned: number): Movement => ({
  month: name,
  opening_usd: opening,
  new_usd: added,
  expansion_usd: 5,
  contraction_usd: 2,
  churned_usd: churned,
  closing_usd: opening + added + 5 - 2 - churned,
});

describe("what moved MRR", () => {
  const months = [
    month("2026-08-31", 100, 10, 0),
    month("2026-09-30", 113, 0, 20),
    month("2026-10-31", 96, 4, 1),
  ];
  it("adds the parts up from the first opening to the last closing", () => {
    const total = sumMovement(months, 2);
    expect(total).toMatchObject({
      from: "2026-09-30",
      opening: 113,
      added: 4,
      expansion: 10,
      contraction: 4,
      churned: 21,
      closing: 102,
    });
    if (!total) throw new Error("there are months");
    const { opening, added, expansion, contraction, churned, closing } = total;
    expect(opening + added + expansion - contraction - churned).toBe(closing);
  });
  it("takes what there is when a longer period is asked for", () =>
    expect(sumMovement(months, 12)?.opening).toBe(100));
  it("is nothing without a month", () => expect(sumMovement([], 12)).toBeNull());
});
