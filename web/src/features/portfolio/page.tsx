import { useQuery } from "@tanstack/react-query";
import { Columns3, Download, Search, X } from "lucide-react";
import { useCallback, useDeferredValue, useMemo } from "react";
import { useSearchParams } from "react-router";
import { getPortfolioOptions } from "@/client/@tanstack/react-query.gen";
import type { Portfolio } from "@/client/types.gen";
import { BarList } from "@/shared/chart/bar-list";
import { saveFile, toCsv } from "@/shared/csv";
import { formatCount, formatMoney, plural } from "@/shared/format/number";
import { useWidth } from "@/shared/hooks/use-width";
import { rememberWalk } from "@/shared/navigation/walk";
import { Button } from "@/shared/ui/button";
import { Input, Select } from "@/shared/ui/field";
import { Popover } from "@/shared/ui/popover";
import { PageHeading, Section } from "@/shared/ui/section";
import { Empty, Loaded, Skeleton } from "@/shared/ui/state";
import { toneOf } from "@/shared/ui/status";
import {
  type ColumnChoice,
  columnChoices,
  defaultColumns,
  numberAt,
  textAt,
  toTableData,
} from "./columns";
import { CustomerTable } from "./customer-table";
import { SavedViews } from "./saved-views";
import { Scatter } from "./scatter";
import {
  countByCategory,
  type FilterMarks,
  markRows,
  orderOf,
  passingRows,
  sumOf,
  type TableData,
} from "./table-data";
import {
  CATEGORY_FILTERS,
  clearFilters,
  RANGE_FILTERS,
  readStage,
  readView,
  STAGE,
  STAGES,
  setRange,
  sortBy,
  toggleCategory,
} from "./view";

/** One rem in CSS pixels: the root's font size is what the reader has set in the browser. */
const REM = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Below this width (rem) a long name takes three lines, and fingers choose rows. */
const NARROW = 30;

/** Neighbours are for walking through by hand: nobody walks further. */
const MOST_NEIGHBOURS = 1_000;

const BREAKDOWNS = [
  { column: "health_category", title: "By health" },
  { column: "churn_risk_level", title: "By churn risk" },
  { column: "region", title: "By region" },
  { column: "segment", title: "By segment" },
];

export function PortfolioPage() {
  const [address] = useSearchParams();
  const stage = readStage(address);
  // No parameter for what most look at, so that the answer is the one that is prepared.
  const portfolio = useQuery(getPortfolioOptions(stage === "scored" ? {} : { query: { stage } }));
  return (
    <Loaded
      query={portfolio}
      loading={
        <div role="status" aria-label="Loading the portfolio">
          <Skeleton className="mb-5 h-8 w-48" />
          <Skeleton className="h-[60vh]" />
        </div>
      }
    >
      {(data) => <Explorer portfolio={data} />}
    </Loaded>
  );
}

function Explorer({ portfolio }: { portfolio: Portfolio }) {
  const [address, setAddress] = useSearchParams();
  const data = useMemo(
    () => toTableData(portfolio.columns.customer_id.length, portfolio.columns),
    [portfolio],
  );
  const choices = useMemo(
    () =>
      columnChoices(portfolio.previous_as_of ?? portfolio.as_of, portfolio.columns.health_history),
    [portfolio],
  );
  const [tableBox, tableWidth] = useWidth<HTMLDivElement>(0);
  const rem = tableWidth / REM;
  const rowHeight = rem < NARROW ? 52 : 34;
  const view = useMemo(() => readView(address), [address]);
  const stage = readStage(address);
  const marks = useMemo(() => markRows(data, view.filters), [data, view.filters]);
  const rows = useMemo(
    () => passingRows(orderOf(data, view.sort, view.descending), marks),
    [data, view.sort, view.descending, marks],
  );
  // The table answers at once; dots and bars may follow a frame later.
  const laterRows = useDeferredValue(rows);
  const laterMarks = useDeferredValue(marks);
  const columns = useMemo(() => {
    const names = view.columns ?? defaultColumns(rem, stage);
    return choices.filter((choice) => names.includes(choice.name));
  }, [choices, view.columns, rem, stage]);

  const change = (next: URLSearchParams) => setAddress(next, { replace: true });
  const remember = useCallback(() => {
    rememberWalk({
      label: "Portfolio",
      path: `/portfolio?${address}`,
      customerIds: [...rows.subarray(0, MOST_NEIGHBOURS)].map(
        (row) => textAt(data, "customer_id", row) ?? "",
      ),
    });
  }, [address, rows, data]);
  const sum = useMemo(() => sumOf(data, "arr_usd", rows), [data, rows]);

  return (
    <>
      <PageHeading
        title="Portfolio"
        actions={
          <>
            <SavedViews />
            <ColumnChooser
              choices={choices}
              chosen={columns.map((column) => column.name)}
              onChange={(names) => {
                const next = new URLSearchParams(address);
                next.set("columns", names.join(","));
                change(next);
              }}
            />
            <Button onClick={() => saveFile("portfolio.csv", csvOf(data, rows, columns))}>
              <Download aria-hidden className="size-4" /> CSV
            </Button>
          </>
        }
      >
        <p aria-live="polite">
          {plural(rows.length, "customer")}
          {rows.length < data.rowCount && ` of ${plural(data.rowCount, "customer")}`},{" "}
          {formatMoney(sum)} ARR
        </p>
      </PageHeading>
      <FilterBar address={address} onChange={change} />
      <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_15rem] 2xl:grid-cols-[minmax(0,1fr)_17rem]">
        <div ref={tableBox} className="min-w-0 border-t">
          {rows.length === 0 ? (
            <Empty title="No customer passes these filters">
              <button
                type="button"
                className="text-accent underline"
                onClick={() => change(clearFilters(address))}
              >
                Clear the filters
              </button>
            </Empty>
          ) : tableWidth === 0 ? null : (
            <CustomerTable
              data={data}
              rows={rows}
              columns={columns}
              address={address.toString()}
              key={rowHeight}
              rowHeight={rowHeight}
              sort={view.sort}
              descending={view.descending}
              onSort={(column) => change(sortBy(address, view, column.name, !column.numeric))}
              onLeave={remember}
            />
          )}
        </div>
        <div className="grid content-start gap-x-8 gap-y-6 sm:grid-cols-2 xl:grid-cols-1">
          <Section
            title="Health and MRR"
            hint="Size: ARR. Colour: churn risk. Drag a box to filter"
            className="sm:col-span-2 xl:col-span-1"
          >
            <Scatter
              data={data}
              rows={laterRows}
              onSelect={(selection) =>
                change(setRange(setRange(address, "score", selection.health), "mrr", selection.mrr))
              }
            />
          </Section>
          {BREAKDOWNS.map((breakdown) => (
            <Breakdown
              key={breakdown.column}
              {...breakdown}
              data={data}
              marks={laterMarks}
              selected={[...(view.filters.categories.get(breakdown.column) ?? [])]}
              onSelect={(name) => change(toggleCategory(address, breakdown.column, name))}
            />
          ))}
        </div>
      </div>
    </>
  );
}

function csvOf(data: TableData, rows: Uint32Array, columns: ColumnChoice[]): string {
  const names = [
    "customer_id",
    ...columns.map((column) => column.name).filter((name) => data.columns.has(name)),
  ];
  return toCsv(
    names,
    [...rows].map((row) =>
      names.map((name) => textAt(data, name, row) ?? numberAt(data, name, row)),
    ),
  );
}

function Breakdown({
  title,
  column,
  data,
  marks,
  selected,
  onSelect,
}: {
  title: string;
  column: string;
  data: TableData;
  marks: FilterMarks;
  selected: string[];
  onSelect: (name: string) => void;
}) {
  const isStatus = column === "health_category" || column === "churn_risk_level";
  const counts = useMemo(
    () => countByCategory(data, marks, column, "mrr_usd"),
    [data, marks, column],
  );
  return (
    <Section title={title} hint="MRR, customers">
      {counts.length === 0 && <p className="text-muted">No customer</p>}
      <BarList
        selected={selected}
        onSelect={onSelect}
        bars={counts.map((entry) => ({
          key: entry.name,
          label: entry.name,
          value: entry.sum,
          text: `${formatMoney(entry.sum)} · ${formatCount(entry.count)}`,
          ...(isStatus ? { tone: toneOf(entry.name) } : {}),
        }))}
      />
    </Section>
  );
}

const PARAMETER_WORDS: Record<string, string> = {
  region: "Region",
  segment: "Segment",
  owner: "Owner",
  health: "Health",
  churn: "Churn risk",
  kind: "Kind",
  score: "Health score",
  mrr: "MRR",
};

/** Text filter, and one chip for every filter in force. */
function FilterBar({
  address,
  onChange,
}: {
  address: URLSearchParams;
  onChange: (next: URLSearchParams) => void;
}) {
  const chips = [...CATEGORY_FILTERS.keys(), ...RANGE_FILTERS.keys()].flatMap((parameter) =>
    address.getAll(parameter).map((value) => ({ parameter, value })),
  );
  const without = (parameter: string, value: string) => {
    const next = new URLSearchParams(address);
    next.delete(parameter, value);
    return next;
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <label className="relative">
        <span className="sr-only">Filter by name or id</span>
        <Search
          aria-hidden
          className="pointer-events-none absolute top-2 left-2 size-4 text-muted"
        />
        <Input
          type="search"
          placeholder="Filter by name or id"
          value={address.get("q") ?? ""}
          onChange={(event) => {
            const next = new URLSearchParams(address);
            if (event.target.value) next.set("q", event.target.value);
            else next.delete("q");
            onChange(next);
          }}
          className="w-56 pl-8"
        />
      </label>
      <Select
        label="Lifecycle stage"
        value={readStage(address)}
        options={Object.entries(STAGES).map(([value, label]) => ({ value, label }))}
        onChange={(stage) => {
          const next = new URLSearchParams(address);
          if (stage === "scored") next.delete(STAGE);
          else next.set(STAGE, stage);
          onChange(next);
        }}
      />
      {chips.map(({ parameter, value }) => (
        <button
          key={`${parameter}=${value}`}
          type="button"
          onClick={() => onChange(without(parameter, value))}
          data-tip="Remove this filter"
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full bg-accent-soft px-2.5 text-accent text-xs"
        >
          {PARAMETER_WORDS[parameter]}: {value.replace("..", " to ")}
          <X aria-hidden className="size-3.5" />
        </button>
      ))}
      {chips.length > 1 && (
        <Button look="quiet" onClick={() => onChange(clearFilters(address))}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function ColumnChooser({
  choices,
  chosen,
  onChange,
}: {
  choices: ColumnChoice[];
  chosen: string[];
  onChange: (names: string[]) => void;
}) {
  return (
    <Popover label="Columns" icon={Columns3}>
      <fieldset>
        <legend className="sr-only">Columns of the table</legend>
        {choices.map((choice) => (
          <label
            key={choice.name}
            className="flex items-center gap-2 rounded-sm px-2 py-1 hover:bg-sunken"
          >
            <input
              type="checkbox"
              checked={chosen.includes(choice.name)}
              disabled={choice.name === "customer_name"}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [...chosen, choice.name]
                    : chosen.filter((name) => name !== choice.name),
                )
              }
            />
            {choice.label}
          </label>
        ))}
      </fieldset>
    </Popover>
  );
}
