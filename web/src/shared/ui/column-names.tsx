import { cx } from "./cx";

/**
 * What stands in the columns of a list, for whoever sees them. Screen readers are told in each row, so
 * this line is not for them.
 */
export function ColumnNames({
  names,
  numeric,
  className,
}: {
  names: string[];
  /** The column of numbers, which stand at the right. */
  numeric: string;
  /** The grid that the rows of the list have too. */
  className: string;
}) {
  return (
    <div aria-hidden className={cx("border-b pb-1 text-muted text-xs", className)}>
      {names.map((name) => (
        <span key={name} className={cx(name === numeric && "text-right")}>
          {name}
        </span>
      ))}
    </div>
  );
}
