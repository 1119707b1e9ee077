import { describe, expect, it } from "vitest";
import { coveringTicks, extentOf, linearScale, linePath, roundTicks } from "./scale";

describe("scales", () => {
  it("maps a domain onto a range", () => {
    const scale = linearScale([0, 100], [200, 0]);
    expect([0, 50, 100].map(scale)).toEqual([200, 100, 0]);
  });
  it("puts a flat history in the middle instead of dividing by zero", () => {
    expect(linearScale([7, 7], [0, 10])(7)).toBe(5);
  });
  it("chooses round ticks without float dust", () => {
    expect(roundTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks([0, 1_240_000], 4)).toEqual([0, 500_000, 1_000_000]);
    expect(roundTicks([5, 5], 4)).toEqual([5]);
  });
  it("covers what lies above the last round tick", () => {
    expect(coveringTicks([0, 3_700_000], 3)).toEqual([0, 2_000_000, 4_000_000]);
    expect(coveringTicks([0, 100], 4)).toEqual([0, 50, 100]);
    expect(coveringTicks([5, 5], 4)).toEqual([5]);
  });
  it("ignores what is not known", () => {
    expect(extentOf([null, 3, -1, null])).toEqual([-1, 3]);
    expect(extentOf([null])).toEqual([0, 1]);
  });
  it("breaks the line at a gap", () => {
    expect(linePath([[0, 0], [1, 1], null, [3, 3]])).toBe("M0.0,0.0L1.0,1.0M3.0,3.0");
  });
});
