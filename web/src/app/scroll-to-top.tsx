import { useEffect } from "react";
import { useLocation, useNavigationType } from "react-router";

/** A page that is gone to starts at its top; one that is gone back to, where it was left. */
export function ScrollToTop() {
  const { pathname } = useLocation();
  const type = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the page changes
  useEffect(() => {
    if (type === "PUSH") window.scrollTo(0, 0);
  }, [pathname, type]);
  return null;
}
