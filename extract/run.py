"""One extraction run: every configured object, several at a time, each committed by itself."""

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from extract.checkpoint import CheckpointStore
from extract.client import Client
from extract.errors import ExtractionError, disk_error
from extract.log import hide, log
from extract.manifest import Bronze, ObjectRecord, RunRecord, iso
from extract.object_extraction import ObjectExtraction
from extract.progress import Display
from extract.run_context import RunContext
from extract.settings import Configuration, ObjectConfiguration
from extract.task import PARALLEL_PAGES
from salesforce.errors import OrgError, ResumableError
from salesforce.http import Org
from salesforce.settings import read_environment, secret_values

EXIT_CODES = {"complete": 0, "incomplete": 3, "failed": 1}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of one run."""

    full: bool = False
    objects: tuple[str, ...] = ()


class Run:
    """One run over one org into one bronze folder."""

    def __init__(
        self,
        org: Org,
        bronze: Bronze,
        configuration: Configuration,
        display: Display,
        options: Options,
    ) -> None:
        """Start nothing yet."""
        self.org = org
        self.bronze = bronze
        self.configuration = configuration
        self.display = display
        self.options = options
        self.store = CheckpointStore(bronze)
        self.started_at = datetime.now(UTC)
        stamp = self.started_at.strftime("%Y%m%dT%H%M%SZ")
        self.batch_id = f"{stamp}-{secrets.token_hex(3)}"
        self.context = RunContext(
            org=org,
            bronze=bronze,
            store=self.store,
            configuration=configuration,
            display=display,
            batch_id=self.batch_id,
            is_full_asked=options.full,
            page_slots=threading.BoundedSemaphore(PARALLEL_PAGES),
        )

    def execute(self) -> RunRecord:
        """Extract all chosen objects; returns the run record, which the manifest then holds.

        Raises OrgMismatchError when the folder holds another org's data. What goes wrong with an
        object is in its record, and does not stop the others.
        """
        client = Client(self.org)
        self.bronze.claim(f"salesforce:{client.organization()['Id']}")
        client.close()
        self._close_dead_runs()
        self.bronze.remove_orphans(self.store.all_files())
        chosen = self._chosen_objects()
        is_full = self.options.full or not self.bronze.manifest.objects
        run = RunRecord(
            batch_id=self.batch_id,
            mode="full" if is_full else "incremental",
            started_at=iso(self.started_at),
        )
        self.bronze.manifest.runs.append(run)
        self.bronze.commit()
        started = time.monotonic()
        with (
            self.display.running(),
            ThreadPoolExecutor(self.configuration.parallel_objects) as pool,
        ):
            futures = [pool.submit(self._extract, item, run) for item in chosen]
            try:
                for future in as_completed(futures):
                    self.display.end(future.result())
            except BaseException:
                self.org.stop()
                pool.shutdown(cancel_futures=True)
                self._finish(run, "incomplete", started)
                raise
        statuses = {record.status for record in run.objects}
        order = {item.name: index for index, item in enumerate(chosen)}
        run.objects.sort(key=lambda record: order[record.object])
        status = next((name for name in ("failed", "incomplete") if name in statuses), "complete")
        self._finish(run, status, started)
        return run

    def _finish(self, run: RunRecord, status: str, started: float) -> None:
        run.status = status
        run.finished_at = iso(datetime.now(UTC))
        run.seconds = round(time.monotonic() - started, 3)
        self.bronze.commit()

    def _close_dead_runs(self) -> None:
        """A run that still says it is running died: this process holds the folder's lock."""
        for run in self.bronze.manifest.runs:
            if run.status == "running":
                run.status = "incomplete"

    def _chosen_objects(self) -> list[ObjectConfiguration]:
        if not self.options.objects:
            return list(self.configuration.objects)
        known = {item.name.lower(): item for item in self.configuration.objects}
        unknown = [name for name in self.options.objects if name.lower() not in known]
        if unknown:
            raise ExtractionError(
                f"objects.yml does not list {', '.join(unknown)}; it lists "
                f"{', '.join(item.name for item in self.configuration.objects)}."
            )
        return [known[name.lower()] for name in self.options.objects]

    def _extract(self, item: ObjectConfiguration, run: RunRecord) -> ObjectRecord:
        """Extract one object and commit it; the record says how it went."""
        started = time.monotonic()
        client = Client(self.org)
        record = ObjectRecord(object=item.name)
        known = self.bronze.manifest.objects.get(item.name)
        status_before = known.status if known else None
        try:
            ObjectExtraction(self.context, client, item, record).execute()
        except ResumableError as error:
            record.status, record.message = "incomplete", str(error)
        except OrgError as error:
            record.status, record.message = "failed", str(error)
        except OSError as error:
            disk = disk_error(error)
            if disk is None:
                raise
            record.status, record.message = "incomplete", str(disk)
        finally:
            client.close()
        if record.status in ("incomplete", "failed"):
            record.message = hide(record.message, secret_values(read_environment()))
        record.api_calls = client.counter.api_calls
        record.retries = client.counter.retries
        record.seconds = round(time.monotonic() - started, 3)
        with self.bronze.lock:
            entry = self.bronze.object(item.name)
            if record.status in ("complete", "missing"):
                entry.status = record.status
            elif status_before is None:
                entry.status = "incomplete"
            record.watermark = entry.watermark
            run.objects.append(record)
            self.bronze.commit()
        if record.status == "complete":
            self.store.discard(item.name)
        log("object", batch_id=self.batch_id, **msgspec.to_builtins(record))
        return record
