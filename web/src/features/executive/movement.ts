import type { Movement } from "@/client/types.gen";

interface TotalMovement {
  from: string;
  to: string;
  opening: number;
  added: number;
  expansion: number;
  contraction: number;
  churned: number;
  closing: number;
}

/** The last `months` months as one movement; null when there are none. Months come oldest first. */
export function sumMovement(movement: Movement[], months: number): TotalMovement | null {
  const taken = movement.slice(-months);
  const first = taken[0];
  const last = taken.at(-1);
  if (!first || !last) return null;
  const sum = (pick: (month: Movement) => number) =>
    taken.reduce((total, month) => total + pick(month), 0);
  return {
    from: first.month,
    to: last.month,
    opening: first.opening_usd,
    added: sum((month) => month.new_usd),
    expansion: sum((month) => month.expansion_usd),
    contraction: sum((month) => month.contraction_usd),
    churned: sum((month) => month.churned_usd),
    closing: last.closing_usd,
  };
}
