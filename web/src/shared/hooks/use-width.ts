import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/**
 * The width of an element in CSS pixels, kept current; `initial` where nothing is laid out.
 * It is measured before the first paint, so that nothing is seen at another width first.
 */
export function useWidth<E extends Element>(initial: number): [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    if (!element.current) return;
    const first = element.current.clientWidth;
    if (first) setWidth(first);
    const observer = new ResizeObserver((entries) => {
      const size = entries[0]?.contentRect.width;
      if (size) setWidth(Math.round(size));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
