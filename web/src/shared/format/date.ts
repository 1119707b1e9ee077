const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_IN_MS = 86_400_000;

/** Takes an ISO date or timestamp apart in UTC, so that no time zone moves a date by a day. */
function parseUtc(iso: string): Date {
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(iso);
  if (iso.length <= 10) return new Date(`${iso}T00:00:00Z`);
  return new Date(hasZone ? iso : `${iso}Z`);
}

const pad = (value: number) => String(value).padStart(2, "0");

/** 31 Oct 2026: a date nobody can misread. */
export function formatDate(iso: string): string {
  const date = parseUtc(iso);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** 31 Oct: where the year is beyond doubt. */
export function formatDayAndMonth(iso: string): string {
  const date = parseUtc(iso);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** Oct 2026. */
export function formatMonth(iso: string): string {
  const date = parseUtc(iso);
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** 31 Oct 2026, 14:05 UTC. */
export function formatTimestamp(iso: string): string {
  const date = parseUtc(iso);
  return `${formatDate(iso)}, ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())} UTC`;
}

export function daysBetween(from: string, to: string): number {
  const midnight = (iso: string) => Math.floor(parseUtc(iso).getTime() / DAY_IN_MS);
  return midnight(to) - midnight(from);
}

/** "in 23 days", "5 months ago": for the tip of a date. */
export function formatRelative(iso: string, now: Date = new Date()): string {
  const days = daysBetween(now.toISOString(), iso);
  if (days === 0) return "today";
  const size = Math.abs(days);
  const [count, unit] =
    size < 60
      ? [size, "day"]
      : size < 730
        ? [Math.round(size / 30.44), "month"]
        : [Math.round(size / 365.25), "year"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return days > 0 ? `in ${words}` : `${words} ago`;
}

/** 1 h 5 min, 1 min 14 s, 42 s, 0.4 s. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
