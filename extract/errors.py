"""What can go wrong in an extraction, as a person or a scheduler needs to know it."""

import errno
import os

from salesforce.errors import OrgError, ResumableError

DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES})


class ExtractionError(OrgError):
    """An extraction cannot go on; the message says what is wrong, where, and what to do."""


class OrgMismatchError(ExtractionError):
    """The bronze folder holds the data of another org."""


class DiskError(ResumableError):
    """The data folder takes no more: the disk is full, or it may not be written."""


class QueryTimeoutError(ExtractionError):
    """The org gave up on a query; a smaller window may work."""


class UnsupportedByBulkError(ExtractionError):
    """The object cannot be read through Bulk 2.0."""


class StaleJobError(ExtractionError):
    """A job or page address is no longer known to the org; the object has to be started again."""


class IncompleteResultError(ExtractionError):
    """The org delivered a different number of rows than it announced."""


def disk_error(error: BaseException) -> DiskError | None:
    """What to say of an error of the disk; None for any other, such as a broken connection."""
    number = getattr(error, "errno", None)
    if number not in DISK_ERRORS:
        return None
    return DiskError(
        f"The data folder cannot be written ({os.strerror(number)}). What was read before is kept. "
        "Make room, or let this user write there, and run again: it goes on where it stopped."
    )
