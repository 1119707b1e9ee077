/** Maps a domain onto a range linearly; a domain without extent maps to the range's middle. */
export function linearScale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  const extent = to - from;
  if (extent === 0) return () => (start + end) / 2;
  return (value) => start + ((value - from) / extent) * (end - start);
}

/** About `count` round numbers that cover the domain: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks([from, to]: readonly [number, number], count: number): number[] {
  const extent = to - from;
  if (extent <= 0 || !Number.isFinite(extent)) return [from];
  const rough = extent / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((step) => step * power >= rough) ?? 10;
  const step = factor * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to + step * 1e-9; index += 1) {
    // Multiplying, then cutting float dust, keeps 0.1 + 0.2 off the axis.
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** The same ticks, with the next round number above the domain where it ends between two. */
export function coveringTicks(domain: readonly [number, number], count: number): number[] {
  const ticks = roundTicks(domain, count);
  const [last, before] = [ticks.at(-1), ticks.at(-2)];
  if (last === undefined || before === undefined || last >= domain[1]) return ticks;
  return [...ticks, Number((2 * last - before).toPrecision(12))];
}

/** The smallest and greatest of the known values, widened to include `also`. */
export function extentOf(values: (number | null)[], also: number[] = []): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of [...values, ...also]) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 1] : [low, high];
}

/** An SVG path through the points; a null breaks the line, so that a gap is seen as a gap. */
export function linePath(points: (readonly [number, number] | null)[]): string {
  let path = "";
  let pen = "M";
  for (const point of points) {
    if (point === null) {
      pen = "M";
      continue;
    }
    path += `${pen}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
    pen = "L";
  }
  return path;
}
