"""What a build needs to know of the extraction before it starts: that bronze is whole."""

import json
from typing import Any

from warehouse.runner.errors import PublishBlockedError, WarehouseError
from warehouse.runner.folder import DataFolder

EXTRACT_COMMAND = "python -m extract"


def read_manifest(folder: DataFolder) -> dict[str, Any]:
    """Return the manifest of a complete extraction.

    Raises:
        WarehouseError: there is no manifest, or it cannot be read.
        PublishBlockedError: an object was not extracted completely, or a file is gone.
    """
    path = folder.bronze_manifest
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        objects: dict[str, dict[str, Any]] = manifest["objects"]
    except FileNotFoundError:
        raise WarehouseError(
            f"There is no extract to build from: {path} does not exist. "
            f"Run `{EXTRACT_COMMAND}` first, or `python -m warehouse build --extract` for both."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{path} is not a manifest of extracted files ({error}). Restore it from a backup, or "
            f"delete the bronze folder and run `{EXTRACT_COMMAND}` again."
        ) from error
    incomplete = sorted(name for name, entry in objects.items() if entry["status"] == "incomplete")
    if incomplete:
        raise PublishBlockedError(
            f"The extraction of {', '.join(incomplete)} is incomplete, so nothing is built and "
            f"the published warehouse stays. Run `{EXTRACT_COMMAND}` again: it resumes."
        )
    gone = [
        file["path"]
        for entry in objects.values()
        for file in entry["files"]
        if not (path.parent / file["path"]).is_file()
    ]
    if gone:
        raise PublishBlockedError(
            f"{len(gone)} extracted files that {path} lists are gone, {gone[0]} first. Restore "
            f"them from a backup, or run `{EXTRACT_COMMAND} --full`."
        )
    return manifest
