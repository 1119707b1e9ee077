import type { LucideIcon } from "lucide-react";
import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { buttonClass } from "./button";

/** A button with a small window under it. */
export function Popover({
  label,
  icon: Icon,
  children,
}: {
  label: string;
  icon: LucideIcon;
  children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger className={buttonClass("outline")}>
        <Icon aria-hidden className="size-4" />
        {label}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={12}
          aria-label={label}
          className="z-40 max-h-[70vh] w-72 animate-appear overflow-auto rounded-md bg-raised p-2 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
