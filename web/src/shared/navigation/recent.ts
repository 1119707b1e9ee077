const STORED = "customer360.recent";
const MOST = 8;

interface RecentCustomer {
  customerId: string;
  name: string;
}

function isRecent(value: unknown): value is RecentCustomer {
  if (typeof value !== "object" || value === null) return false;
  return (
    "customerId" in value &&
    "name" in value &&
    typeof value.customerId === "string" &&
    typeof value.name === "string"
  );
}

/** The customers opened last on this machine, newest first. */
export function readRecent(): RecentCustomer[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRecent) : [];
  } catch {
    // Blocked storage or foreign content: there is simply no history.
    return [];
  }
}

export function rememberCustomer(customer: RecentCustomer): void {
  const others = readRecent().filter((other) => other.customerId !== customer.customerId);
  try {
    localStorage.setItem(STORED, JSON.stringify([customer, ...others].slice(0, MOST)));
  } catch {
    // Without storage there is no list of recent customers; nothing else depends on it.
  }
}
