import { Ellipsis, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { NavLink, useLocation, useNavigate } from "react-router";
import { ErrorBoundary } from "@/app/error-boundary";
import { PAGES } from "@/app/pages";
import { ThemeButton } from "@/app/theme";
import { useHotkeys } from "@/shared/hooks/use-hotkeys";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { SkeletonLines } from "@/shared/ui/state";
import { AccountMenu } from "./account-menu";
import { AsOfBadge } from "./as-of-badge";

const Palette = lazy(async () => ({
  default: (await import("@/features/search/palette")).Palette,
}));
const Shortcuts = lazy(async () => ({ default: (await import("./shortcuts")).Shortcuts }));

const COLLAPSED = "customer360.rail";

function readCollapsed(): boolean {
  try {
    return localStorage.getItem(COLLAPSED) === "collapsed";
  } catch {
    return false;
  }
}

function storeCollapsed(collapsed: boolean): void {
  try {
    localStorage.setItem(COLLAPSED, collapsed ? "collapsed" : "open");
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

const MODIFIER = /Mac|iP(hone|ad)/.test(navigator.platform) ? "\u2318" : "Ctrl\u202f";

/** The rail, the top bar and the one column of content. */
export function Frame({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [collapsed, setCollapsed] = useState(readCollapsed);
  const [over, setOver] = useState<"palette" | "shortcuts" | null>(null);
  const close = useCallback(() => setOver(null), []);

  useHotkeys({
    "mod+k": () => setOver("palette"),
    "/": () => setOver("palette"),
    "?": () => setOver("shortcuts"),
    ...Object.fromEntries(PAGES.map((page) => [`g ${page.key}`, () => void navigate(page.path)])),
  });

  return (
    <div className="flex min-h-dvh print:block">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-raised px-3 py-2 shadow-raised focus:translate-y-0 print:hidden"
      >
        Skip to content
      </a>
      <Rail
        collapsed={collapsed}
        onToggle={() => {
          storeCollapsed(!collapsed);
          setCollapsed(!collapsed);
        }}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 border-b bg-page print:hidden">
          <div className="mx-auto flex h-12 max-w-[1440px] items-center gap-2 px-4 lg:px-6">
            <button
              type="button"
              onClick={() => setOver("palette")}
              className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border bg-surface px-2.5 text-muted hover:border-line-strong sm:max-w-96"
            >
              <Search aria-hidden className="size-4 shrink-0" />
              <span className="truncate">Search customers</span>
              <kbd className="ml-auto font-sans text-xs max-sm:hidden">{MODIFIER}K</kbd>
            </button>
            <div className="ml-auto flex items-center gap-0.5">
              <AsOfBadge />
              <ThemeButton />
              <AccountMenu onShortcuts={() => setOver("shortcuts")} />
            </div>
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1440px] flex-1 px-4 pt-5 pb-24 outline-none lg:px-6 md:pb-12 print:p-0"
        >
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<SkeletonLines count={8} />}>{children}</Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <BottomBar />
      <Suspense>
        {over === "palette" && (
          <Palette
            pages={PAGES.map((page) => ({
              ...page,
              note: <kbd className="font-sans">G {page.key.toUpperCase()}</kbd>,
            }))}
            onClose={close}
          />
        )}
        {over === "shortcuts" && <Shortcuts onClose={close} />}
      </Suspense>
    </div>
  );
}

function Rail({ collapsed, onToggle }: { collapsed: boolean; onToggle: () => void }) {
  const Toggle = collapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav
      aria-label="Pages"
      className={cx(
        "sticky top-0 flex h-dvh shrink-0 flex-col border-r px-2 py-2 max-md:hidden print:hidden",
        collapsed ? "w-14" : "w-44",
      )}
    >
      <NavLink
        to="/"
        className="mb-3 flex h-8 items-center gap-2.5 px-2 font-strong"
        aria-label="customer360, Today"
      >
        <img src="/favicon.svg" alt="" className="size-6 shrink-0" />
        {!collapsed && <span>customer360</span>}
      </NavLink>
      <ul className="flex flex-1 flex-col gap-0.5">
        {PAGES.map((page) => (
          <li key={page.path}>
            <NavLink
              to={page.path}
              end={page.path === "/"}
              data-tip={collapsed ? page.label : undefined}
              className={({ isActive }) =>
                cx(
                  "flex h-8 items-center gap-3 rounded-md px-3 transition-colors",
                  isActive
                    ? "bg-accent-soft font-strong text-accent"
                    : "text-soft hover:bg-sunken hover:text-ink",
                )
              }
            >
              <page.icon aria-hidden className="size-4 shrink-0" />
              <span className={cx(collapsed && "sr-only")}>{page.label}</span>
            </NavLink>
          </li>
        ))}
      </ul>
      <IconButton
        label={collapsed ? "Widen the page list" : "Narrow the page list"}
        onClick={onToggle}
        className="ml-1"
      >
        <Toggle aria-hidden className="size-4" />
      </IconButton>
    </nav>
  );
}

/** How many pages the bar of a phone shows; the others are under More. */
const IN_BAR = 4;
const BAR_ITEM = "flex h-14 w-full flex-col items-center justify-center gap-1 text-xs";

/** The pages on a phone: the first ones in a bar, the others in a native popover above it. */
function BottomBar() {
  const { pathname } = useLocation();
  const others = PAGES.slice(IN_BAR);
  const isOther = others.some((page) => page.path === pathname);
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-page pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      <ul className="flex px-1">
        {PAGES.slice(0, IN_BAR).map((page) => (
          <li key={page.path} className="min-w-0 flex-1">
            <NavLink
              to={page.path}
              end={page.path === "/"}
              className={({ isActive }) =>
                cx(BAR_ITEM, isActive ? "font-strong text-accent" : "text-soft")
              }
            >
              <page.icon aria-hidden className="size-5" />
              {page.label}
            </NavLink>
          </li>
        ))}
        <li className="min-w-0 flex-1">
          <button
            type="button"
            popoverTarget="more-pages"
            className={cx(BAR_ITEM, isOther ? "font-strong text-accent" : "text-soft")}
          >
            <Ellipsis aria-hidden className="size-5" />
            More
          </button>
        </li>
      </ul>
      <ul
        id="more-pages"
        popover="auto"
        className="fixed inset-auto right-2 bottom-16 m-0 w-48 rounded-md bg-raised p-1.5 text-ink shadow-raised"
      >
        {others.map((page) => (
          <li key={page.path}>
            <NavLink
              to={page.path}
              onClick={() => document.getElementById("more-pages")?.hidePopover()}
              className={({ isActive }) =>
                cx(
                  "flex h-10 items-center gap-3 rounded-sm px-3",
                  isActive ? "font-strong text-accent" : "text-soft",
                )
              }
            >
              <page.icon aria-hidden className="size-4" />
              {page.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
