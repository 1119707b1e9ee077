import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Building2, Clock, CornerDownLeft, Layers, type LucideIcon, Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
} from "react";
import { useNavigate } from "react-router";
import { listCustomersOptions } from "@/client/@tanstack/react-query.gen";
import { isScored, STAGE_NAMES } from "@/shared/format/stage";
import { customerPath } from "@/shared/navigation/paths";
import { readRecent } from "@/shared/navigation/recent";
import { cx } from "@/shared/ui/cx";
import { Failure } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { Value } from "@/shared/ui/value";

interface PaletteEntry {
  path: string;
  label: string;
  icon: LucideIcon;
  /** What stands at the right end: a status, a key. */
  note?: ReactNode;
  detail?: string;
}

const RESULTS = 8;

/** Search and jump: customers by name, id, domain or contact, and the pages. */
export function Palette({ pages, onClose }: { pages: PaletteEntry[]; onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const wanted = useDeferredValue(text.trim());
  const search = useQuery({
    ...listCustomersOptions({ query: { q: wanted, limit: RESULTS } }),
    enabled: wanted !== "",
    placeholderData: keepPreviousData,
  });

  const matchingPages = pages.filter((page) =>
    page.label.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const customers: PaletteEntry[] =
    wanted === ""
      ? readRecent().map((recent) => ({
          path: customerPath(recent.customerId),
          label: recent.name,
          icon: Clock,
        }))
      : (search.data?.items ?? []).map((customer) => ({
          path: customerPath(customer.customer_id),
          label: customer.customer_name,
          icon: customer.customer_kind === "master" ? Layers : Building2,
          detail: [customer.region, customer.segment].filter(Boolean).join(" · "),
          note: (
            <>
              <Value value={customer.mrr_usd} unit="money" />
              <span className="w-20">
                {customer.lifecycle_stage && !isScored(customer.lifecycle_stage) ? (
                  STAGE_NAMES[customer.lifecycle_stage]
                ) : (
                  <Status word={customer.health_category} />
                )}
              </span>
            </>
          ),
        }));
  const groups = [
    { name: wanted === "" ? "Recent" : "Customers", entries: customers },
    { name: "Pages", entries: matchingPages },
  ].filter((group) => group.entries.length > 0);
  const entries = groups.flatMap((group) => group.entries);
  const current = Math.min(chosen, entries.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[data-index="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const open = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate(entry.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && entries.length > 0) {
      event.preventDefault();
      setChosen((current + move + entries.length) % entries.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(entries[current]);
    }
  };

  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(10_12_15/0.45)]" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[max(0.75rem,9vh)] left-1/2 z-40 w-[min(40rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-appear overflow-hidden rounded-lg bg-raised shadow-raised"
        >
          <Radix.Title className="sr-only">Search customers and pages</Radix.Title>
          <div className="flex items-center gap-2.5 border-b px-4">
            <Search aria-hidden className="size-4 shrink-0 text-muted" />
            <input
              role="combobox"
              aria-label="Search customers and pages"
              aria-expanded={entries.length > 0}
              aria-controls="palette-list"
              aria-activedescendant={entries.length > 0 ? `palette-${current}` : undefined}
              aria-autocomplete="list"
              placeholder="Name, id, domain or contact e-mail"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setChosen(0);
              }}
              onKeyDown={onKeyDown}
              autoComplete="off"
              spellCheck={false}
              className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
            />
          </div>
          <div
            ref={list}
            id="palette-list"
            role="listbox"
            aria-label="Results"
            className="max-h-[min(60vh,30rem)] overflow-auto p-1.5"
          >
            {groups.map((group) => (
              <div key={group.name} role="group" aria-label={group.name}>
                <p aria-hidden className="px-2.5 pt-2 pb-1 text-muted text-xs">
                  {group.name}
                </p>
                {group.entries.map((entry) => {
                  const index = entries.indexOf(entry);
                  const Icon = entry.icon;
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled at the input, which keeps focus
                    <div
                      key={entry.path}
                      id={`palette-${index}`}
                      data-index={index}
                      role="option"
                      aria-selected={index === current}
                      onClick={() => open(entry)}
                      onPointerMove={() => setChosen(index)}
                      className={cx(
                        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5",
                        index === current && "bg-accent-soft",
                      )}
                    >
                      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                      <span className="truncate">{entry.label}</span>
                      {entry.detail && (
                        <span className="truncate text-muted text-xs max-sm:hidden">
                          {entry.detail}
                        </span>
                      )}
                      <span className="ml-auto flex shrink-0 items-center gap-3 text-xs">
                        {entry.note}
                      </span>
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
          <div aria-live="polite" className="px-4">
            {wanted !== "" && search.data?.items.length === 0 && (
              <p className="pb-4 text-soft">
                No customer matches “{wanted}”. Try fewer letters, a domain or an account id.
              </p>
            )}
            {search.isError && <Failure error={search.error} retry={() => search.refetch()} />}
          </div>
          <p className="flex items-center gap-1.5 border-t px-4 py-2 text-muted text-xs">
            <CornerDownLeft aria-hidden className="size-3" /> opens, arrow keys choose, Escape
            closes
          </p>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
