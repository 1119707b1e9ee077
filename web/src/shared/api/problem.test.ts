import { AxiosError, AxiosHeaders, type AxiosResponse } from "axios";
import { describe, expect, it } from "vitest";
import { describeProblem, statusOf } from "./problem";

function failure(status: number, data: unknown): AxiosError {
  const config = { headers: new AxiosHeaders() };
  const response: AxiosResponse = { status, data, statusText: "", headers: {}, config };
  return new AxiosError("failed", "ERR", config, null, response);
}

describe("failures in words", () => {
  it("take the service's own problem details, with the reference", () => {
    const problem = { title: "Internal error", detail: "Look into the log.", reference: "a1b2" };
    expect(describeProblem(failure(500, problem))).toEqual(problem);
  });
  it("say that nobody answered", () => {
    expect(describeProblem(new AxiosError("Network Error")).title).toBe("No connection");
    expect(statusOf(new AxiosError("Network Error"))).toBeNull();
  });
  it("name the status of an answer that gives no reason", () => {
    expect(describeProblem(failure(502, "<html>")).title).toBe("The service answered 502");
  });
  it("pass on what went wrong on the page itself", () => {
    expect(describeProblem(new Error("no such column")).detail).toBe("no such column");
  });
});
