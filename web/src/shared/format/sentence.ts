import { formatDate } from "./date";
import { formatFraction, formatMoneyInWhole } from "./number";

/**
 * A sentence of the warehouse, written as everything else on the page: "USD 6,147" as $6,147,
 * 2026-11-24 as 24 Nov 2026, 66.7 as the reader's locale does, and with a true minus.
 */
export function formatSentence(sentence: string): string {
  return sentence
    .replace(/\b\d{4}-\d\d-\d\d\b/g, formatDate)
    .replace(/\bUSD (-?[\d,]*\d(?:\.\d+)?)/g, (_, amount: string) =>
      formatMoneyInWhole(Number(amount.replaceAll(",", ""))),
    )
    .replace(
      /(?<=^|\s)(-?\d+\.)(\d{1,2})(?=[\s;,:)]|\.?$)/g,
      (number: string, _, decimals: string) => formatFraction(Number(number), decimals.length),
    )
    .replace(/(?<=^|\s)-(?=\d)/g, "\u2212");
}
