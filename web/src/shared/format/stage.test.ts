import { expect, it } from "vitest";
import { formatStage, isScored } from "./stage";

it("says since when a customer is gone and when another one goes", () => {
  expect(formatStage("former", "2026-03-30", null)).toBe("Former since 30 Mar 2026");
  expect(formatStage("leaving", null, "2026-04-20")).toBe("Leaves on 20 Apr 2026");
});

it("says the stage alone where no day belongs to it or none is known", () => {
  expect(formatStage("leaving", null, null)).toBe("Leaving");
  expect(formatStage("active", null, null)).toBe("Active");
});

it("takes a day from before there were stages as it was: everybody was scored", () => {
  expect([null, "active", "former", "prospect"].map((stage) => isScored(stage as never))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
