import type { ReactNode } from "react";
import { cx } from "./cx";

/** A part of the page that scrolls by itself, and so must be reachable by keyboard. */
export function ScrollBox({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll here
    <div role="group" aria-label={label} tabIndex={0} className={cx("overflow-auto", className)}>
      {children}
    </div>
  );
}
