import { formatCount } from "./number";

/** When contracts end or ended, in one wording for every page; `days` from the day of the data. */
export function formatExpiry(days: number): string {
  if (days === 0) return "expires today";
  return days < 0 ? `lapsed ${formatCount(-days)} d ago` : `expires in ${formatCount(days)} d`;
}
