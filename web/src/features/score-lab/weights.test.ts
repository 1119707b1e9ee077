import { describe, expect, it } from "vitest";
import type { ComponentWeight } from "@/client/types.gen";
import { roundWeights, setWeight } from "./weights";

const weights = (...values: number[]): ComponentWeight[] =>
  values.map((weight, index) => ({ score: "health_score", component: `c${index}`, weight }));
const valuesOf = (list: ComponentWeight[]) => list.map((one) => one.weight);

describe("weights stay a whole", () => {
  it("scales the others in proportion", () => {
    const [first, second, third] = valuesOf(setWeight(weights(0.5, 0.3, 0.2), "c0", 0.75));
    expect(first).toBe(0.75);
    expect(second).toBeCloseTo(0.15, 12);
    expect(third).toBeCloseTo(0.1, 12);
  });
  it("shares evenly when the others were nothing", () => {
    expect(valuesOf(setWeight(weights(1, 0, 0), "c0", 0.4))).toEqual([0.4, 0.3, 0.3]);
  });
  it("never leaves 0 to 1", () =>
    expect(valuesOf(setWeight(weights(0.5, 0.5), "c0", 1.7))).toEqual([1, 0]));
  it("rounds for the file without losing the whole", () => {
    const rounded = valuesOf(roundWeights(weights(1 / 3, 1 / 3, 1 / 3)));
    expect(rounded.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(Math.max(...rounded)).toBe(0.3334);
  });
});
