/** Stands in for axios' fetch adapter: the dashboard only uses XMLHttpRequest, and weight counts. */
export function getFetch(): null {
  return null;
}

/** Stands in for the generated client of event streams, of which the service has none. */
export function createSseClient(): never {
  throw new Error("The service sends no event streams");
}
