// @vitest-environment happy-dom
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentProps } from "react";
import { MemoryRouter, Route, Routes } from "react-router";
import { describe, expect, it } from "vitest";
import { type Column, Table } from "./table";

interface Invoice {
  id: string;
  account: string;
  amount: number | null;
}

const INVOICES: Invoice[] = [
  { id: "i1", account: "Beta", amount: 20 },
  { id: "i2", account: "alpha", amount: null },
  { id: "i3", account: "Gamma", amount: 100 },
];
const COLUMNS: Column<Invoice>[] = [
  { name: "Id", cell: (invoice) => invoice.id },
  { name: "Account", cell: (invoice) => invoice.account, sortBy: (invoice) => invoice.account },
  {
    name: "Amount",
    numeric: true,
    cell: (invoice) => invoice.amount ?? "none",
    sortBy: (invoice) => invoice.amount,
  },
];

function show(properties: Partial<ComponentProps<typeof Table<Invoice>>> = {}) {
  render(
    <MemoryRouter>
      <Routes>
        <Route
          path="/"
          element={
            <Table
              caption="Invoices"
              columns={COLUMNS}
              rows={INVOICES}
              rowKey={(invoice) => invoice.id}
              {...properties}
            />
          }
        />
        <Route path="/invoice/:id" element={<h1>One invoice</h1>} />
      </Routes>
    </MemoryRouter>,
  );
}

const shownIds = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);
const sortOf = (name: string) =>
  screen.getByRole("columnheader", { name }).getAttribute("aria-sort");

describe("a table", () => {
  it("has a caption, names its columns and its rows, and aligns numbers at the right", () => {
    show();
    const table = screen.getByRole("table", { name: "Invoices" });
    expect(within(table).getAllByRole("columnheader")).toHaveLength(3);
    expect(shownIds()).toEqual(["i1", "i2", "i3"]);
    for (const cell of [
      screen.getByRole("columnheader", { name: "Amount" }),
      screen.getByRole("cell", { name: "100" }),
    ]) {
      expect(cell.className).toContain("text-right");
    }
  });

  it("sorts numbers the greatest first and words from A, what is missing last either way", async () => {
    const user = userEvent.setup();
    show();
    expect(sortOf("Amount")).toBe("none");
    await user.click(screen.getByRole("button", { name: "Amount" }));
    expect(shownIds()).toEqual(["i3", "i1", "i2"]);
    expect(sortOf("Amount")).toBe("descending");
    await user.click(screen.getByRole("button", { name: "Amount" }));
    expect(shownIds()).toEqual(["i1", "i3", "i2"]);
    expect(sortOf("Amount")).toBe("ascending");
    await user.click(screen.getByRole("button", { name: "Account" }));
    expect(shownIds()).toEqual(["i2", "i1", "i3"]);
    expect(sortOf("Amount")).toBe("none");
  });

  it("is not sorted by a column that has nothing to sort by", () => {
    show();
    expect(screen.queryByRole("button", { name: "Id" })).toBeNull();
    expect(sortOf("Id")).toBeNull();
  });

  it("can be scrolled by keyboard where it has a greatest height", () => {
    show({ scroll: "max-h-72" });
    expect(screen.getByRole("group", { name: "Invoices" }).tabIndex).toBe(0);
  });

  it("says what is the matter when it has no rows", () => {
    show({ rows: [], empty: <p>Nothing was invoiced</p> });
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText("Nothing was invoiced")).toBeDefined();
  });

  it("links its rows, and walks the order that is seen by J and K", async () => {
    const user = userEvent.setup();
    const followed: string[] = [];
    show({
      link: {
        to: (invoice) => `/invoice/${invoice.id}`,
        onFollow: () => followed.push("left"),
      },
    });
    expect(screen.getByRole("link", { name: "i2" }).getAttribute("href")).toBe("/invoice/i2");
    await user.click(screen.getByRole("button", { name: "Amount" }));
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("jjk");
    expect(screen.getByRole("row", { current: true }).textContent).toContain("i3");
    await user.keyboard("{Enter}");
    expect(screen.getByRole("heading", { name: "One invoice" })).toBeDefined();
    expect(followed).toEqual(["left"]);
  });

  it("leaves the keys alone when its rows lead nowhere", async () => {
    const user = userEvent.setup();
    show();
    await user.keyboard("j");
    expect(screen.queryByRole("row", { current: true })).toBeNull();
  });
});
