import { describe, expect, it } from "vitest";
import { toCsv } from "./csv";

describe("CSV", () => {
  it("quotes commas, quotes and line breaks, and leaves gaps empty", () => {
    expect(
      toCsv(
        ["a", "b"],
        [
          ['He said "no"', null],
          ["x,y", 1.5],
        ],
      ),
    ).toBe('a,b\r\n"He said ""no""",\r\n"x,y",1.5\r\n');
  });
  it("keeps a customer's name from running as a formula", () => {
    expect(toCsv(["name", "change"], [["=HYPERLINK(1)", -2]])).toBe(
      "name,change\r\n'=HYPERLINK(1),-2\r\n",
    );
  });
});
