import type { Filters } from "./table-data";

/** Everything that shapes the page; it lives in the address, so a link shows the same. */
interface View {
  filters: Filters;
  sort: string;
  descending: boolean;
  /** Null until somebody has chosen. */
  columns: string[] | null;
}

/** Address parameter to the column it filters. */
export const CATEGORY_FILTERS: ReadonlyMap<string, string> = new Map([
  ["region", "region"],
  ["segment", "segment"],
  ["owner", "owner_name"],
  ["health", "health_category"],
  ["churn", "churn_risk_level"],
  ["kind", "customer_kind"],
]);
export const RANGE_FILTERS: ReadonlyMap<string, string> = new Map([
  ["score", "health_score"],
  ["mrr", "mrr_usd"],
]);

/** Which customers the page is about: asked of the service, not filtered on the page. */
export const STAGE = "stage";
export const STAGES = {
  scored: "Customers",
  leaving: "Leaving",
  onboarding: "Onboarding",
  active: "Active",
  former: "Former customers",
  prospect: "Prospects",
  all: "Everyone",
} as const;
export type Stage = keyof typeof STAGES;

/** The stage that the address asks for; customers, who are scored, where it asks for none. */
export function readStage(address: URLSearchParams): Stage {
  const stage = address.get(STAGE) ?? "";
  return Object.hasOwn(STAGES, stage) ? (stage as Stage) : "scored";
}

const DEFAULT_SORT = "arr_usd";

function parseRange(text: string): [number, number] | null {
  const [low, high] = text.split("..").map((end, index) => {
    if (end === "") return index === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(end);
  });
  if (low === undefined || high === undefined || Number.isNaN(low) || Number.isNaN(high))
    return null;
  return [low, high];
}

function writeRange([low, high]: readonly [number, number]): string {
  return [low, high].map((end) => (Number.isFinite(end) ? String(end) : "")).join("..");
}

/** Reads a view from the address; what makes no sense there is left out. */
export function readView(address: URLSearchParams): View {
  const categories = new Map<string, ReadonlySet<string>>();
  for (const [parameter, column] of CATEGORY_FILTERS) {
    const names = address.getAll(parameter);
    if (names.length > 0) categories.set(column, new Set(names));
  }
  const ranges = new Map<string, readonly [number, number]>();
  for (const [parameter, column] of RANGE_FILTERS) {
    const range = parseRange(address.get(parameter) ?? "x");
    if (range) ranges.set(column, range);
  }
  const sort = address.get("sort") ?? `-${DEFAULT_SORT}`;
  const columns = address.get("columns")?.split(",").filter(Boolean);
  return {
    filters: { categories, ranges, text: (address.get("q") ?? "").toLowerCase() },
    sort: sort.replace(/^-/, ""),
    descending: sort.startsWith("-"),
    columns: columns && columns.length > 0 ? columns : null,
  };
}

/** Adds or removes one category of a filter. */
export function toggleCategory(
  address: URLSearchParams,
  column: string,
  name: string,
): URLSearchParams {
  const parameter = [...CATEGORY_FILTERS].find(([, filtered]) => filtered === column)?.[0];
  const next = new URLSearchParams(address);
  if (!parameter) return next;
  const names = next.getAll(parameter);
  next.delete(parameter);
  for (const kept of names.includes(name)
    ? names.filter((other) => other !== name)
    : [...names, name]) {
    next.append(parameter, kept);
  }
  return next;
}

/** Sets a range, or takes it away with null. */
export function setRange(
  address: URLSearchParams,
  parameter: string,
  range: readonly [number, number] | null,
): URLSearchParams {
  const next = new URLSearchParams(address);
  if (range) next.set(parameter, writeRange(range));
  else next.delete(parameter);
  return next;
}

/** A first click sorts by the column, greatest first for numbers; the next one turns it round. */
export function sortBy(
  address: URLSearchParams,
  view: View,
  column: string,
  isText: boolean,
): URLSearchParams {
  const next = new URLSearchParams(address);
  const descending = view.sort === column ? !view.descending : !isText;
  next.set("sort", `${descending ? "-" : ""}${column}`);
  return next;
}

/** Takes all filters away and leaves sort order and columns alone. */
export function clearFilters(address: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(address);
  for (const parameter of ["q", STAGE, ...CATEGORY_FILTERS.keys(), ...RANGE_FILTERS.keys()])
    next.delete(parameter);
  return next;
}
