import type { ComponentProps } from "react";
import { cx } from "./cx";

type Look = "primary" | "quiet" | "outline" | "link";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent font-strong hover:brightness-110",
  outline: "border border-line bg-surface text-ink hover:border-line-strong hover:bg-sunken",
  link: "text-accent font-strong hover:bg-accent-soft",
  quiet: "text-soft hover:bg-sunken hover:text-ink",
};

export function buttonClass(look: Look = "outline", extra = ""): string {
  return cx(
    "inline-flex min-h-7 items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 py-1 text-sm transition-colors disabled:opacity-55 aria-disabled:opacity-55 pointer-coarse:min-h-10",
    LOOKS[look],
    extra,
  );
}

export function Button({
  look,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { look?: Look }) {
  return <button type={type} className={buttonClass(look, className)} {...rest} />;
}

/** A button that shows only an icon; its label is its name and its tip. */
export function IconButton({
  label,
  className,
  ...rest
}: Omit<ComponentProps<"button">, "aria-label"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      className={cx(
        "inline-flex size-8 items-center justify-center rounded-md text-soft transition-colors hover:bg-sunken hover:text-ink disabled:opacity-40 pointer-coarse:size-10",
        className,
      )}
      {...rest}
    />
  );
}
