import { type ReactNode, useId } from "react";
import { cx } from "./cx";

/** A titled part of a page: a heading over a line, its content below, no box. */
export function Section({
  title,
  hint,
  actions,
  children,
  className,
}: {
  title: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cx("min-w-0 break-inside-avoid", className)}>
      <div className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-x-3 border-b pb-1">
        <div className="flex min-w-0 flex-1 basis-40 flex-wrap items-baseline gap-x-2">
          <h2 id={id} className="text-sm">
            {title}
          </h2>
          {hint && <p className="text-muted text-xs">{hint}</p>}
        </div>
        {actions && <div className="flex items-center gap-1 print:hidden">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** The heading of a page, and the title of the browser's tab. */
export function PageHeading({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <title>{`${title} · customer360`}</title>
      <div className="min-w-0">
        <h1 className="text-lg">{title}</h1>
        {children && <div className="text-soft">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
    </header>
  );
}
