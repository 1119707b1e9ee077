/**
 * The portfolio in memory, column by column, built for filtering and sorting 100,000 rows within one
 * frame: categories are small integers, numbers are typed arrays, every sort order is computed once.
 */
type Column =
  | { kind: "number"; values: Float64Array }
  | { kind: "category"; codes: Uint16Array; names: string[] }
  | { kind: "text"; values: (string | null)[] };

export interface TableData {
  rowCount: number;
  columns: ReadonlyMap<string, Column>;
}

/** Rows keep their place in a sort order by these: null last, whatever the direction. */
interface SortOrder {
  ascending: Uint32Array;
  descending: Uint32Array;
}

export interface Filters {
  /** Column name to the accepted category names; an absent column accepts all. */
  categories: ReadonlyMap<string, ReadonlySet<string>>;
  /** Column name to an inclusive range. A row without a value never lies in a range. */
  ranges: ReadonlyMap<string, readonly [number, number]>;
  /** Lower-case text that the name or id must contain. */
  text: string;
}

export const NO_FILTERS: Filters = { categories: new Map(), ranges: new Map(), text: "" };

/** Turns numbers with gaps into a typed array; a gap is NaN. */
export function numberColumn(values: readonly (number | null)[]): Column {
  return { kind: "number", values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

/** Turns repeating words into codes; what is not known becomes a category of its own name. */
export function categoryColumn(values: readonly (string | null)[], unknown: string): Column {
  const codeOf = new Map<string, number>();
  const codes = new Uint16Array(values.length);
  values.forEach((value, row) => {
    const name = value ?? unknown;
    let code = codeOf.get(name);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(name, code);
    }
    codes[row] = code;
  });
  return { kind: "category", codes, names: [...codeOf.keys()] };
}

export function textColumn(values: readonly (string | null)[]): Column {
  return { kind: "text", values: [...values] };
}

/** Case and accents do not count; a key per name sorts 100,000 of them ten times faster than a collator. */
function sortKey(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function comparer(column: Column): (one: number, other: number) => number {
  if (column.kind === "number") {
    const { values } = column;
    return (one, other) => (values[one] ?? 0) - (values[other] ?? 0);
  }
  if (column.kind === "category") {
    const byName = column.names
      .map((name, code) => ({ name: sortKey(name), code }))
      .sort((one, other) => compareText(one.name, other.name));
    const rank = new Uint16Array(column.names.length);
    byName.forEach(({ code }, position) => {
      rank[code] = position;
    });
    return (one, other) =>
      (rank[column.codes[one] ?? 0] ?? 0) - (rank[column.codes[other] ?? 0] ?? 0);
  }
  const keys = column.values.map((value) => sortKey(value ?? ""));
  return (one, other) => compareText(keys[one] ?? "", keys[other] ?? "");
}

function isKnown(column: Column, row: number): boolean {
  if (column.kind === "number") return !Number.isNaN(column.values[row]);
  return column.kind === "category" || column.values[row] !== null;
}

function computeOrder(rowCount: number, column: Column): SortOrder {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let row = 0; row < rowCount; row += 1) (isKnown(column, row) ? known : unknown).push(row);
  const ascending = Uint32Array.from(known).sort(comparer(column));
  const join = (sorted: Uint32Array) => {
    const order = new Uint32Array(rowCount);
    order.set(sorted);
    order.set(unknown, sorted.length);
    return order;
  };
  return { ascending: join(ascending), descending: join(ascending.slice().reverse()) };
}

const orders = new WeakMap<Column, SortOrder>();

/** All rows in the order of a column; computed at the first call, then kept. */
export function orderOf(data: TableData, name: string, descending: boolean): Uint32Array {
  const column = data.columns.get(name);
  if (!column) return Uint32Array.from({ length: data.rowCount }, (_, row) => row);
  let order = orders.get(column);
  if (!order) {
    order = computeOrder(data.rowCount, column);
    orders.set(column, order);
  }
  return descending ? order.descending : order.ascending;
}

/** One mark per row: which filters the row fails. 0 passes all; a single bit fails just that one. */
export interface FilterMarks {
  failed: Uint16Array;
  /** Filter name (its column, or "text") to its bit. */
  bits: ReadonlyMap<string, number>;
}

export function markRows(data: TableData, filters: Filters): FilterMarks {
  const failed = new Uint16Array(data.rowCount);
  const bits = new Map<string, number>();
  const newBit = (name: string) => {
    const bit = 1 << bits.size;
    bits.set(name, bit);
    return bit;
  };
  for (const [name, accepted] of filters.categories) {
    const column = data.columns.get(name);
    if (column?.kind === "category") markCategory(column, accepted, newBit(name), failed);
  }
  for (const [name, range] of filters.ranges) {
    const column = data.columns.get(name);
    if (column?.kind === "number") markRange(column.values, range, newBit(name), failed);
  }
  if (filters.text !== "") markText(data, filters.text, newBit("text"), failed);
  return { failed, bits };
}

function markCategory(
  column: Extract<Column, { kind: "category" }>,
  accepted: ReadonlySet<string>,
  bit: number,
  failed: Uint16Array,
): void {
  const mark = column.names.map((category) => (accepted.has(category) ? 0 : bit));
  column.codes.forEach((code, row) => {
    failed[row] = (failed[row] ?? 0) | (mark[code] ?? 0);
  });
}

function markRange(
  values: Float64Array,
  [low, high]: readonly [number, number],
  bit: number,
  failed: Uint16Array,
): void {
  values.forEach((value, row) => {
    // Written so that NaN, no value, fails.
    if (!(value >= low && value <= high)) failed[row] = (failed[row] ?? 0) | bit;
  });
}

function markText(data: TableData, text: string, bit: number, failed: Uint16Array): void {
  const searched = [...data.columns.values()].filter((column) => column.kind === "text");
  for (let row = 0; row < data.rowCount; row += 1) {
    const found = searched.some((column) => column.values[row]?.toLowerCase().includes(text));
    if (!found) failed[row] = (failed[row] ?? 0) | bit;
  }
}

/** The rows that pass every filter, in the given order. */
export function passingRows(order: Uint32Array, marks: FilterMarks): Uint32Array {
  const rows = new Uint32Array(order.length);
  let count = 0;
  for (const row of order) {
    if (marks.failed[row] === 0) {
      rows[count] = row;
      count += 1;
    }
  }
  return rows.subarray(0, count);
}

/** The sum of a number over the given rows; a row without a value adds nothing. */
export function sumOf(data: TableData, name: string, rows: Uint32Array): number {
  const column = data.columns.get(name);
  if (column?.kind !== "number") return 0;
  let sum = 0;
  for (const row of rows) sum += column.values[row] || 0;
  return sum;
}

interface CategoryCount {
  name: string;
  count: number;
  /** Sum of the weighed column over the counted rows. */
  sum: number;
}

/**
 * How many rows each category holds under all filters except its own: so a breakdown shows what
 * choosing another of its bars would give.
 */
export function countByCategory(
  data: TableData,
  marks: FilterMarks,
  name: string,
  weigh: string,
): CategoryCount[] {
  const column = data.columns.get(name);
  if (column?.kind !== "category") return [];
  const weights = data.columns.get(weigh);
  const own = marks.bits.get(name) ?? 0;
  const counts = column.names.map((category) => ({ name: category, count: 0, sum: 0 }));
  for (let row = 0; row < data.rowCount; row += 1) {
    if (((marks.failed[row] ?? 0) & ~own) !== 0) continue;
    const entry = counts[column.codes[row] ?? 0];
    if (!entry) continue;
    entry.count += 1;
    const weight = weights?.kind === "number" ? (weights.values[row] ?? 0) : 0;
    if (!Number.isNaN(weight)) entry.sum += weight;
  }
  return counts
    .filter((entry) => entry.count > 0)
    .sort((one, other) => other.sum - one.sum || other.count - one.count);
}
