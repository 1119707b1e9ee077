import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { getBuildOptions } from "@/client/@tanstack/react-query.gen";
import {
  formatDate,
  formatDayAndMonth,
  formatRelative,
  formatTimestamp,
} from "@/shared/format/date";
import { showNotice } from "@/shared/ui/notices";

const CHECK_EVERY_MS = 60_000;

/** The day the data speaks of, on every page; says quietly when a newer build has been published. */
export function AsOfBadge() {
  const queryClient = useQueryClient();
  const build = useQuery({ ...getBuildOptions(), refetchInterval: CHECK_EVERY_MS, staleTime: 0 });
  const seen = useRef<string | null>(null);
  const buildId = build.data?.build_id;
  const asOf = build.data?.as_of;

  useEffect(() => {
    if (!buildId || !asOf) return;
    if (seen.current !== null && seen.current !== buildId) {
      showNotice({
        id: "new-build",
        text: `New data: ${formatDate(asOf)}`,
        action: { label: "Show", run: () => void queryClient.invalidateQueries() },
      });
    }
    seen.current = buildId;
  }, [buildId, asOf, queryClient]);

  if (!build.data) return null;
  return (
    <Link
      to="/data"
      className="flex h-8 items-center gap-1.5 whitespace-nowrap rounded-md px-2 text-soft hover:bg-sunken hover:text-ink"
      data-tip={`Data as of ${formatDate(build.data.as_of)}, ${formatRelative(build.data.as_of)}\nPublished ${formatTimestamp(build.data.published_at)}`}
    >
      <Database aria-hidden className="size-3.5" />
      <span className="max-sm:sr-only">Data:</span> {formatDayAndMonth(build.data.as_of)}
    </Link>
  );
}
