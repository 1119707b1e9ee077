const STORED = "customer360.walk";

/** The list a person came from, so that the customer page can go to the next in it. */
interface Walk {
  label: string;
  /** The address of the list, filters included. */
  path: string;
  customerIds: string[];
}

function isWalk(value: unknown): value is Walk {
  if (typeof value !== "object" || value === null) return false;
  return (
    "label" in value &&
    typeof value.label === "string" &&
    "path" in value &&
    typeof value.path === "string" &&
    "customerIds" in value &&
    Array.isArray(value.customerIds)
  );
}

/** Sessions hold it, not the address: two tabs may walk two lists. */
export function rememberWalk(walk: Walk): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(walk));
  } catch {
    // Without storage the customer page shows no "next"; nothing else depends on it.
  }
}

export function readWalk(): Walk | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
    return isWalk(stored) ? stored : null;
  } catch {
    return null;
  }
}

export interface Neighbours {
  walk: Walk;
  position: number;
  previous: string | null;
  next: string | null;
}

/** Where a customer stands in the list; null when the list does not hold it. */
export function neighboursOf(walk: Walk | null, customerId: string): Neighbours | null {
  const position = walk?.customerIds.indexOf(customerId) ?? -1;
  if (!walk || position < 0) return null;
  return {
    walk,
    position,
    previous: walk.customerIds[position - 1] ?? null,
    next: walk.customerIds[position + 1] ?? null,
  };
}
