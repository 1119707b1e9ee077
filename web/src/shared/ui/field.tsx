import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

const BOX =
  "min-h-8 rounded-md border border-line-strong bg-surface px-2 py-1 text-ink text-sm placeholder:text-muted pointer-coarse:min-h-10";

/** A label over its control. */
export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex flex-col gap-1">
      <span className="text-soft text-xs">{label}</span>
      {children}
      {hint && <span className="text-muted text-xs">{hint}</span>}
    </label>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cx(BOX, className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(BOX, "min-h-20", className)} {...rest} />;
}

interface Option {
  value: string;
  label: string;
}

/** A native select: it is accessible everywhere and at home on a phone. */
export function Select({
  label,
  value,
  options,
  onChange,
  className,
}: {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
  className?: string;
}) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx(
        BOX,
        "border-line",
        value !== "" && "border-line-strong bg-accent-soft",
        className,
      )}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} className="bg-raised">
          {option.label}
        </option>
      ))}
    </select>
  );
}
