import type { ComponentWeight } from "@/client/types.gen";

/**
 * Sets one weight and scales the others so that all still add up to 1, in their old proportions.
 * When the others are all 0, they share the rest evenly.
 */
export function setWeight(
  weights: ComponentWeight[],
  component: string,
  weight: number,
): ComponentWeight[] {
  const wanted = Math.max(0, Math.min(1, weight));
  const others = weights.filter((one) => one.component !== component);
  const sum = others.reduce((total, one) => total + one.weight, 0);
  const rest = 1 - wanted;
  return weights.map((one) => {
    if (one.component === component) return { ...one, weight: wanted };
    return { ...one, weight: sum === 0 ? rest / others.length : (one.weight / sum) * rest };
  });
}

/** Weights as they go into a file: four digits, adding up to exactly 1. */
export function roundWeights(weights: ComponentWeight[]): ComponentWeight[] {
  const rounded = weights.map((one) => ({
    ...one,
    weight: Math.round(one.weight * 10_000) / 10_000,
  }));
  const sum = rounded.reduce((total, one) => total + one.weight, 0);
  const largest = rounded.reduce<ComponentWeight | undefined>(
    (most, one) => (most === undefined || one.weight > most.weight ? one : most),
    undefined,
  );
  if (largest) largest.weight = Math.round((largest.weight + 1 - sum) * 10_000) / 10_000;
  return rounded;
}
