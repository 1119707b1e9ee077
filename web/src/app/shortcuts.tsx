import { Dialog } from "@/shared/ui/dialog";
import { PAGES } from "./pages";

const GROUPS: { name: string; keys: [string, string][] }[] = [
  {
    name: "Everywhere",
    keys: [
      ["Ctrl or \u2318 K, or /", "Search"],
      ["?", "This list"],
      ["Esc", "Close what is open"],
    ],
  },
  { name: "Go to", keys: PAGES.map((page) => [`G, then ${page.key.toUpperCase()}`, page.label]) },
  {
    name: "Lists",
    keys: [
      ["J / K", "Next, previous row"],
      ["Enter", "Open the row"],
    ],
  },
  {
    name: "Customer",
    keys: [
      ["J / K", "Next, previous customer of the list you came from"],
      ["E", "Execute the first recommendation"],
    ],
  },
];

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3 className="mb-1 text-muted text-xs">{group.name}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
              {group.keys.map(([keys, meaning]) => (
                <div key={keys} className="contents">
                  <dt className="text-soft">
                    <kbd className="font-sans">{keys}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
