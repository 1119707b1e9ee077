import { describe, expect, it } from "vitest";
import { clearFilters, readStage, readView, setRange, sortBy, toggleCategory } from "./view";

const read = (address: string) => readView(new URLSearchParams(address));

describe("the view in the address", () => {
  it("is the whole portfolio by ARR when the address is bare", () => {
    expect(read("")).toEqual({
      filters: { categories: new Map(), ranges: new Map(), text: "" },
      sort: "arr_usd",
      descending: true,
      columns: null,
    });
  });
  it("holds several values of a filter, open ranges and text", () => {
    const { filters } = read("region=EMEA&region=APAC&score=..50&mrr=1000..&q=Karoo");
    expect(filters.categories.get("region")).toEqual(new Set(["EMEA", "APAC"]));
    expect(filters.ranges.get("health_score")).toEqual([Number.NEGATIVE_INFINITY, 50]);
    expect(filters.ranges.get("mrr_usd")).toEqual([1000, Number.POSITIVE_INFINITY]);
    expect(filters.text).toBe("karoo");
  });
  it("leaves out a range that is none", () =>
    expect(read("score=abc..1&mrr=5").filters.ranges.size).toBe(0));
  it("toggles a category there and back", () => {
    const on = toggleCategory(new URLSearchParams("region=EMEA"), "health_category", "Critical");
    expect(on.toString()).toBe("region=EMEA&health=Critical");
    expect(toggleCategory(on, "health_category", "Critical").toString()).toBe("region=EMEA");
  });
  it("writes what it reads", () => {
    const address = setRange(new URLSearchParams(), "score", [40, Number.POSITIVE_INFINITY]);
    expect(read(address.toString()).filters.ranges.get("health_score")).toEqual([
      40,
      Number.POSITIVE_INFINITY,
    ]);
    expect(setRange(address, "score", null).toString()).toBe("");
  });
  it("sorts numbers greatest first, names from A, and turns round on the second click", () => {
    const view = read("");
    expect(sortBy(new URLSearchParams(), view, "mrr_usd", false).get("sort")).toBe("-mrr_usd");
    expect(sortBy(new URLSearchParams(), view, "customer_name", true).get("sort")).toBe(
      "customer_name",
    );
    expect(sortBy(new URLSearchParams(), view, "arr_usd", false).get("sort")).toBe("arr_usd");
  });
  it("is about customers unless another stage that exists is asked for", () => {
    const stages = ["", "stage=former", "stage=all", "stage=gone", "stage=toString"];
    expect(stages.map((address) => readStage(new URLSearchParams(address)))).toEqual([
      "scored",
      "former",
      "all",
      "scored",
      "scored",
    ]);
  });
  it("clears filters and keeps the order", () => {
    expect(
      clearFilters(new URLSearchParams("q=a&stage=all&region=EMEA&sort=mrr_usd")).toString(),
    ).toBe("sort=mrr_usd");
  });
});
