import { isAxiosError } from "axios";

/** What a person is told about a failed request. */
interface ProblemText {
  title: string;
  detail: string;
  reference: string | null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The HTTP status of a failed request, or null when no answer came. */
export function statusOf(error: unknown): number | null {
  return isAxiosError(error) ? (error.response?.status ?? null) : null;
}

/** Puts any failure into words; the service's own problem details (RFC 9457) come first. */
export function describeProblem(error: unknown): ProblemText {
  if (isAxiosError(error)) {
    const body: unknown = error.response?.data;
    if (body && typeof body === "object") {
      const problem = body as Record<string, unknown>;
      const detail = text(problem.detail);
      if (detail) {
        return {
          title: text(problem.title) ?? "The request failed",
          detail,
          reference: text(problem.reference),
        };
      }
    }
    if (!error.response) {
      return {
        title: "No connection",
        detail: "The service did not answer. Check that it is running and that you are online.",
        reference: null,
      };
    }
    return {
      title: `The service answered ${error.response.status}`,
      detail: "It gave no reason. Try again; if it stays, look into the service's log.",
      reference: null,
    };
  }
  return {
    title: "Something went wrong on this page",
    detail: error instanceof Error ? error.message : "Reload the page to go on.",
    reference: null,
  };
}
