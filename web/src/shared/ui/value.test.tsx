// @vitest-environment happy-dom
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Status } from "./status";
import { Delta, Missing, Value } from "./value";

describe("what is not known", () => {
  it("is an em dash with its reason, never 0", () => {
    render(<Value value={null} unit="money" missing="Never invoiced" />);
    expect(screen.getByText("\u2014").closest("[data-tip]")?.getAttribute("data-tip")).toBe(
      "Never invoiced",
    );
    expect(screen.getByText(/not known: Never invoiced/)).toBeDefined();
  });
  it("is another thing than zero", () => {
    render(<Value value={0} unit="money" />);
    expect(screen.getByText("$0")).toBeDefined();
  });
  it("can be told by a screen reader", () => {
    const { container } = render(<Missing reason="No records" />);
    expect(container.querySelector("[aria-hidden]")?.textContent).toBe("\u2014");
  });
});

describe("deltas", () => {
  it("say how much, which way and since when", () => {
    const { container } = render(
      <Delta change={-12} unit="score" since="2026-10-31" better="up" />,
    );
    expect(container.textContent).toBe("\u221212.0 ptssince 31 Oct");
    expect(container.firstElementChild?.className).toContain("text-bad");
  });
  it("know that a falling risk is good news", () => {
    const { container } = render(
      <Delta change={-9} unit="score" since="2026-10-31" better="down" />,
    );
    expect(container.firstElementChild?.className).toContain("text-good");
  });
  it("count shares in points", () => {
    const { container } = render(<Delta change={0.041} unit="percent" since="2026-10-31" />);
    expect(container.textContent).toContain("+4.1 pts");
  });
  it("are left out when there is nothing to compare with", () => {
    const { container } = render(<Delta change={null} unit="score" since="2026-10-31" />);
    expect(container.textContent).toBe("");
  });
});

describe("status", () => {
  it.each(["Healthy", "At-Risk", "Critical", "HIGH", "MEDIUM", "LOW", "Unknown"])(
    "%s has a word and a shape",
    (word) => {
      const { container } = render(<Status word={word} />);
      expect(container.textContent).toBe(word);
      expect(container.querySelector("svg")).not.toBeNull();
    },
  );
  it("of nothing is Unknown", () => {
    const { container } = render(<Status word={null} />);
    expect(container.textContent).toBe("Unknown");
  });
});
