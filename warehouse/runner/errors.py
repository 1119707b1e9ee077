"""Errors that end a command with one clear sentence, and the exit code each one has."""

FAILED = 1
BLOCKED = 3
LOCKED = 4


class WarehouseError(Exception):
    """What went wrong, where, and what to do, in words for the person at the terminal."""

    exit_code = FAILED


class PublishBlockedError(WarehouseError):
    """The data is not fit to be published; the published warehouse stays as it was."""

    exit_code = BLOCKED


class LockedError(WarehouseError):
    """Another live run holds the lock of this data folder."""

    exit_code = LOCKED
