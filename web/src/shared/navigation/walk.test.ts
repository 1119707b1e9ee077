// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { neighboursOf, readWalk, rememberWalk } from "./walk";

const walk = { label: "Portfolio", path: "/portfolio?region=EMEA", customerIds: ["a", "b", "c"] };

describe("walking through a list", () => {
  it("knows the neighbours, and where the list ends", () => {
    expect(neighboursOf(walk, "b")).toMatchObject({ position: 1, previous: "a", next: "c" });
    expect(neighboursOf(walk, "a")).toMatchObject({ previous: null, next: "b" });
    expect(neighboursOf(walk, "c")).toMatchObject({ previous: "b", next: null });
  });
  it("has none for a customer that is not in it", () => {
    expect(neighboursOf(walk, "z")).toBeNull();
    expect(neighboursOf(null, "a")).toBeNull();
  });
  it("is kept for the session, and foreign content is no list", () => {
    rememberWalk(walk);
    expect(readWalk()).toEqual(walk);
    sessionStorage.setItem("customer360.walk", '{"label":1}');
    expect(readWalk()).toBeNull();
  });
});
