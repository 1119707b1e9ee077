const LOCALE = typeof navigator === "undefined" ? "en-US" : navigator.language;
const MINUS = "\u2212";

/** What stands where a value is not known: an em dash, never 0. */
export const MISSING = "\u2014";

const compactMoney = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  notation: "compact",
  minimumFractionDigits: 0,
  maximumSignificantDigits: 3,
});
const fullMoney = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });
const wholeMoney = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  maximumFractionDigits: 0,
});
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const upToTwoDecimals = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });

/** A minus that is as wide as a plus, so that columns of deltas line up. */
function withTrueMinus(text: string): string {
  return text.replace(/^-/, MINUS);
}

/** US dollars, short: $1.24M. */
export function formatMoney(value: number): string {
  return withTrueMinus(compactMoney.format(value));
}

/** US dollars, to the cent: $1,238,410.22. */
export function formatMoneyInFull(value: number): string {
  return withTrueMinus(fullMoney.format(value));
}

/** US dollars without cents, every digit before them: $6,147. */
export function formatMoneyInWhole(value: number): string {
  return withTrueMinus(wholeMoney.format(value));
}

export function formatCount(value: number): string {
  return withTrueMinus(whole.format(value));
}

export function formatNumber(value: number): string {
  return withTrueMinus(upToTwoDecimals.format(value));
}

/** A number with exactly so many decimals. */
export function formatFraction(value: number, decimals: number): string {
  return withTrueMinus(
    value.toLocaleString(LOCALE, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }),
  );
}

/** A score or points: one decimal, dropped when it is zero only for whole hundreds. */
export function formatScore(value: number): string {
  return withTrueMinus(oneDecimal.format(value));
}

/** A stored fraction as a percentage: 0.254 is 25.4 %. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  const text = Math.abs(percent) >= 100 ? whole.format(percent) : oneDecimal.format(percent);
  return `${withTrueMinus(text.replace(/[.,]0$/, ""))}\u202f%`;
}

/** Adds the plus sign that formatters leave out. Zero has no sign. */
export function signed(value: number, format: (value: number) => string): string {
  return value > 0 ? `+${format(value)}` : format(value);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
