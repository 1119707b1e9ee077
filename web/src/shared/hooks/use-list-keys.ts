import { useRef, useState } from "react";
import { useHotkeys } from "./use-hotkeys";

/**
 * J and K walk a list, Enter opens the row that is current. Nothing is current until a key says so;
 * a list whose rows do not open leaves the keys alone.
 */
export function useListKeys<Item>(
  items: readonly Item[],
  open: ((item: Item) => void) | undefined,
) {
  const [current, setCurrent] = useState<number | null>(null);
  const elements = useRef(new Map<number, HTMLElement>());

  const step = (by: number) => {
    const from = current ?? (by > 0 ? -1 : items.length);
    const next = Math.max(0, Math.min(items.length - 1, from + by));
    setCurrent(next);
    elements.current.get(next)?.scrollIntoView({ block: "nearest" });
  };
  const item = current === null ? undefined : items[current];
  useHotkeys({
    ...(open && { j: () => step(1), k: () => step(-1) }),
    ...(open && item !== undefined && { enter: () => open(item) }),
  });

  return {
    current,
    itemRef: (index: number) => (element: HTMLElement | null) => {
      if (element) elements.current.set(index, element);
      else elements.current.delete(index);
    },
  };
}
