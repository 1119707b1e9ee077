import { useEffect, useRef, useState } from "react";

const TIP_ID = "tip";
const GAP = 6;

/** Properties that give any element a text tip. Focusable elements show it on focus too. */
export function tip(text: string | undefined): { "data-tip"?: string } {
  return text ? { "data-tip": text } : {};
}

interface Shown {
  text: string;
  anchor: HTMLElement;
}

function findAnchor(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
}

/**
 * The one tooltip of the page. Elements name their text in `data-tip`; a table of ten thousand
 * cells then costs ten thousand attributes and not ten thousand components.
 */
export function TipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const show = (event: Event) => {
      const anchor = findAnchor(event.target);
      const text = anchor?.dataset.tip;
      setShown(anchor && text ? { anchor, text } : null);
    };
    const showFocused = (event: Event) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) show(event);
    };
    const hide = () => setShown(null);
    const hideOnEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", showFocused);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", show);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    document.addEventListener("keydown", hideOnEscape);
    return () => {
      document.removeEventListener("pointerover", show);
      document.removeEventListener("focusin", showFocused);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", show);
      document.removeEventListener("scroll", hide, { capture: true });
      document.removeEventListener("keydown", hideOnEscape);
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!shown || !element) return;
    const anchor = shown.anchor.getBoundingClientRect();
    const size = element.getBoundingClientRect();
    const left = anchor.left + anchor.width / 2 - size.width / 2;
    const below = anchor.bottom + GAP;
    const fitsBelow = below + size.height < window.innerHeight;
    element.style.left = `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`;
    element.style.top = `${fitsBelow ? below : anchor.top - GAP - size.height}px`;
    element.style.visibility = "visible";
    const before = shown.anchor.getAttribute("aria-describedby");
    shown.anchor.setAttribute("aria-describedby", TIP_ID);
    return () => {
      if (before) shown.anchor.setAttribute("aria-describedby", before);
      else shown.anchor.removeAttribute("aria-describedby");
    };
  }, [shown]);

  if (!shown) return null;
  return (
    <div
      key={shown.text}
      ref={box}
      id={TIP_ID}
      role="tooltip"
      // It is read as the description of what it belongs to, not as a place of its own.
      aria-hidden
      className="pointer-events-none invisible fixed z-50 max-w-72 whitespace-pre-line rounded-md bg-raised px-2.5 py-1.5 text-ink text-xs shadow-raised"
    >
      {shown.text}
    </div>
  );
}
