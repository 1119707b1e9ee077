import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "./button";
import { cx } from "./cx";

const PLACES = {
  middle:
    "left-1/2 top-[max(1rem,10vh)] w-[min(34rem,calc(100vw-2rem))] max-h-[80vh] -translate-x-1/2 rounded-lg",
  side: "right-0 top-0 h-dvh w-[min(52rem,100vw)]",
} as const;

/** A window over the page: traps focus, closes on Escape, gives focus back. */
export function Dialog({
  title,
  description,
  place = "middle",
  onClose,
  children,
}: {
  title: string;
  description?: ReactNode;
  place?: keyof typeof PLACES;
  onClose: () => void;
  children: ReactNode;
}) {
  const [opener] = useState(() => document.activeElement);
  // Radix gives the focus back to a trigger of its own, and these windows have none.
  const giveFocusBack = (event: Event) => {
    event.preventDefault();
    const target = opener?.isConnected ? opener : document.querySelector("#content");
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(10_12_15/0.45)]" />
        <Radix.Content
          onCloseAutoFocus={giveFocusBack}
          className={cx(
            "fixed z-40 flex animate-appear flex-col overflow-hidden bg-raised shadow-raised",
            PLACES[place],
          )}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div className="min-w-0">
              <Radix.Title className="text-base">{title}</Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <div className="text-soft">{description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" className="-mr-2">
                <X aria-hidden className="size-4" />
              </IconButton>
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-auto px-5 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The end of a form in a window: leave it as it is, or do what it is for. */
export function DialogButtons({
  submit,
  disabled,
  onCancel,
}: {
  submit: string;
  disabled?: boolean;
  onCancel: () => void;
}) {
  return (
    <div className="flex justify-end gap-2 pt-1">
      <Button onClick={onCancel}>Cancel</Button>
      <Button type="submit" look="primary" disabled={disabled}>
        {submit}
      </Button>
    </div>
  );
}
