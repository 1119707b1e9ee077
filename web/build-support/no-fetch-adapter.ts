/** Stands in for axios' fetch adapter: the dashboard only uses XMLHttpRequest, and weight counts. */
export function getFetch(): null {
  return null;
}
