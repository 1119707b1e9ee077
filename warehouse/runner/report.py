"""The last page of a run."""

from typing import Any

from warehouse.runner.display import duration


def report(summary: dict[str, Any]) -> str:
    """Return the last page of a run: where the warehouse is, what it holds, what changed."""
    lines = [
        f"Published {summary['path']}",
        f"  {summary['customers']:,} customers, {summary['alerts']:,} alerts, "
        f"{summary['recommendations']:,} recommendations"
        + (f", as of {summary['as_of']}" if summary["as_of"] else ""),
    ]
    before = summary["previous_seconds"]
    lines += [
        f"  {duration(summary['seconds'])}" + (f"; last time {duration(before)}" if before else ""),
        "  " + ", ".join(f"{r['stage']} {duration(r['seconds'])}" for r in summary["stages"]),
    ]
    changed = summary["changes"]
    if not changed:
        return "\n".join([*lines, "This is the first published build."])
    lines.append(f"Changed since {summary['previous_build_id']}:")
    for name in ("customers", "alerts", "recommendations"):
        new, gone = changed[name]["new"], changed[name]["gone"]
        words = ("opened", "closed") if name == "alerts" else ("new", "gone")
        lines.append(f"  {name}: {new:,} {words[0]}, {gone:,} {words[1]}")
    lines += [
        f"    {row['severity']}: {row['opened']:,} opened, {row['closed']:,} closed"
        for row in changed["alerts_by_severity"]
    ]
    for label, moves in changed["moves"].items():
        parts = [f"{move['customers']:,} {move['from']} -> {move['to']}" for move in moves]
        lines.append(f"  {label.replace('_', ' ')}: {', '.join(parts) or 'nobody moved'}")
    for name, row in changed["rows"].items():
        lines.append(f"  {name}: {_rows(row['before'])} -> {_rows(row['now'])} rows")
    return "\n".join(lines)


def _rows(count: int | None) -> str:
    return "no table" if count is None else f"{count:,}"
