"""What the extraction of every object of one run shares."""

import threading
from dataclasses import dataclass

from extract.checkpoint import CheckpointStore
from extract.manifest import Bronze
from extract.progress import Display
from extract.settings import Configuration
from salesforce.http import Org


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run over one org into one bronze folder."""

    org: Org
    bronze: Bronze
    store: CheckpointStore
    configuration: Configuration
    display: Display
    batch_id: str
    # Whether a person asked for a full read of everything.
    is_full_asked: bool
    # Pages in work at a time, over all objects.
    page_slots: threading.BoundedSemaphore
