import { afterEach } from "vitest";

// Only tests that ask for a document draw into it, and only they wait for what cleans it.
if (typeof document !== "undefined") {
  const { cleanup } = await import("@testing-library/react");
  afterEach(cleanup);
}
