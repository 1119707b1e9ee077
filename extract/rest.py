"""Read one window of an object through REST queries.

For small results, which cost fewer requests this way, and for objects that Bulk 2.0 does not
support. An object with more fields than fit a request line is read in chunks of fields by the
same ids, which are joined again.
"""

from collections.abc import Iterator
from typing import Any

from extract.checkpoint import FIRST_PAGE, Window
from extract.convert import Findings, records_to_batch
from extract.errors import IncompleteResultError
from extract.schema import LONGEST_ENCODED_QUERY, field_chunks
from extract.task import ObjectTask

ROWS_PER_FILE = 20_000
# 18-character ids with quotes and a comma, encoded, in the WHERE of a chunk.
ENCODED_ID_LENGTH = 27
IDS_SHARE = 0.5


def read_window(task: ObjectTask, window: Window) -> None:
    """Read a window to its end, going on from its checkpoint.

    Raises IncompleteResultError when rows are missing.
    """
    chunks = field_chunks(task.schema, window.where(task.schema.cursor))
    address = window.next_missing() if window.pages else FIRST_PAGE
    while address is not None:
        address = _read_file(task, window, address, chunks)
    rows = sum(page.rows_read for page in window.pages.values())
    if rows != window.expected:
        raise IncompleteResultError(
            f"{task.name}: the query announced {window.expected} rows but delivered {rows}; "
            "nothing of it is taken over. Run again to read it anew."
        )
    window.done = True
    task.save()


def _read_file(
    task: ObjectTask, window: Window, address: str, chunks: list[list[str]]
) -> str | None:
    """Read pages until a file is full or the result ends; returns the address of the next."""
    records: list[dict[str, Any]] = []
    following: str | None = address
    while following is not None and len(records) < ROWS_PER_FILE:
        if following == FIRST_PAGE:
            soql = task.schema.select(window.where(task.schema.cursor), chunks[0])
            result = task.client.query(soql, task.name, include_deleted=True)
            window.expected = int(result["totalSize"])
        else:
            result = task.client.query_more(following, task.name)
        page = result["records"]
        following = next_address(result, task.name)
        task.on_rows(len(page))
        records.extend(_join_chunks(task, page, chunks) if len(chunks) > 1 else page)
    findings = Findings()
    batch = records_to_batch(records, task.columns, findings)
    writer = task.writer()
    try:
        writer.add(batch)
        file = writer.finish()
    except BaseException:
        writer.abandon()
        raise
    file.next = following
    task.add_page(window, address, file, findings)
    return following


def next_address(result: dict[str, Any], object_name: str) -> str | None:
    """Where the result goes on; None at its end.

    Raises IncompleteResultError when it should go on but says nowhere.
    """
    if result.get("done"):
        return None
    following = result.get("nextRecordsUrl")
    if not following:
        raise IncompleteResultError(
            f"{object_name}: the org says the result is not done but gives no next page; nothing "
            "of it is taken over. Run again to read it anew."
        )
    return str(following)


def _join_chunks(
    task: ObjectTask, page: list[dict[str, Any]], chunks: list[list[str]]
) -> list[dict[str, Any]]:
    """Add the fields of the other chunks to the records of the first, by Id."""
    by_id = {record["Id"]: dict(record) for record in page}
    for chunk in chunks[1:]:
        found: set[str] = set()
        for where in _id_conditions(list(by_id)):
            soql = task.schema.select(where, chunk)
            result = task.client.query(soql, task.name, include_deleted=True)
            while True:
                for record in result["records"]:
                    by_id[record["Id"]].update(record)
                    found.add(record["Id"])
                following = next_address(result, task.name)
                if following is None:
                    break
                result = task.client.query_more(following, task.name)
        if by_id.keys() - found:
            raise IncompleteResultError(
                f"{task.name}: {len(by_id.keys() - found)} records went away while they were "
                "read; nothing of it is taken over. Run again to read it anew."
            )
    return list(by_id.values())


def _id_conditions(ids: list[str]) -> Iterator[str]:
    """WHERE conditions that name all ids, each short enough for a request line."""
    size = max(1, int(LONGEST_ENCODED_QUERY * IDS_SHARE) // ENCODED_ID_LENGTH)
    for start in range(0, len(ids), size):
        quoted = ", ".join(f"'{record_id}'" for record_id in ids[start : start + size])
        yield f" WHERE Id IN ({quoted})"
