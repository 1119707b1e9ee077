import { BookmarkPlus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Button, IconButton } from "@/shared/ui/button";
import { Input } from "@/shared/ui/field";
import { Popover } from "@/shared/ui/popover";
import { Empty } from "@/shared/ui/state";

const STORED = "customer360.portfolio-views";

interface SavedView {
  name: string;
  search: string;
}

function isSavedView(value: unknown): value is SavedView {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "search" in value &&
    typeof value.search === "string"
  );
}

function readViews(): SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isSavedView) : [];
  } catch {
    // Blocked storage or foreign content: there are no saved views.
    return [];
  }
}

/** Named addresses of this page, kept in this browser. */
export function SavedViews() {
  const [address] = useSearchParams();
  const [views, setViews] = useState(readViews);
  const [name, setName] = useState("");
  const store = (next: SavedView[]) => {
    setViews(next);
    localStorage.setItem(STORED, JSON.stringify(next));
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const view = { name: name.trim(), search: address.toString() };
    if (view.name === "") return;
    store([...views.filter((other) => other.name !== view.name), view]);
    setName("");
  };
  return (
    <Popover label="Views" icon={BookmarkPlus}>
      <ul className="mb-2">
        {views.map((view) => (
          <li key={view.name} className="flex items-center justify-between gap-2">
            <Link
              to={`/portfolio?${view.search}`}
              className="min-w-0 flex-1 truncate rounded-sm px-2 py-1 hover:bg-sunken"
            >
              {view.name}
            </Link>
            <IconButton
              label={`Delete the view ${view.name}`}
              onClick={() => store(views.filter((other) => other.name !== view.name))}
            >
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      {views.length === 0 && (
        <Empty title="No saved views yet">Set filters, then save them under a name.</Empty>
      )}
      <form onSubmit={save} className="flex gap-2 border-t pt-2">
        <Input
          aria-label="Name of the view"
          placeholder="Save this view as"
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="min-w-0 flex-1"
        />
        <Button type="submit" disabled={name.trim() === ""}>
          Save
        </Button>
      </form>
    </Popover>
  );
}
