import { useEffect } from "react";
import { useLocation, useNavigationType } from "react-router";

/** Where each entry of the history was left, in CSS pixels from the top. */
const places = new Map<string, number>();
/** A page that has not grown as long again by then is shown as it is. */
const GIVE_UP_MS = 5_000;
const TAKES_OVER = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * A page that is gone to starts at its top; one that is gone back to, where it was left. Browsers do
 * the latter only for what is drawn at once, so a page that draws in parts is followed as it grows.
 */
export function ScrollMemory() {
  const { key, pathname } = useLocation();
  const type = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the page changes
  useEffect(() => {
    if (type === "PUSH") window.scrollTo(0, 0);
  }, [pathname, type]);

  useEffect(() => {
    const goal = type === "POP" ? places.get(key) : undefined;
    let isReturning = goal !== undefined;
    const remember = () => {
      if (!isReturning) places.set(key, window.scrollY);
    };
    const stop = () => {
      if (!isReturning) return;
      isReturning = false;
      growth.disconnect();
      remember();
    };
    const goThere = () => {
      if (goal === undefined || !isReturning) return;
      window.scrollTo(0, goal);
      if (Math.abs(window.scrollY - goal) <= 1) stop();
    };
    const growth = new ResizeObserver(goThere);
    const timer = setTimeout(stop, GIVE_UP_MS);
    remember();
    if (isReturning) growth.observe(document.body);
    window.addEventListener("scroll", remember, { passive: true });
    for (const name of TAKES_OVER) window.addEventListener(name, stop, { passive: true });
    return () => {
      growth.disconnect();
      clearTimeout(timer);
      window.removeEventListener("scroll", remember);
      for (const name of TAKES_OVER) window.removeEventListener(name, stop);
    };
  }, [key, type]);
  return null;
}
