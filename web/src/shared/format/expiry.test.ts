import { expect, test } from "vitest";
import { formatExpiry } from "./expiry";

test.each([
  [52, "expires in 52 d"],
  [1, "expires in 1 d"],
  [0, "expires today"],
  [-280, "lapsed 280 d ago"],
])("%i days read %s", (days, text) => {
  expect(formatExpiry(days)).toBe(text);
});
