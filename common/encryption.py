"""The key that everything at rest is encrypted with, from the environment."""

import base64
import binascii
import os
from functools import cache

KEY_VARIABLE = "CUSTOMER360_ENCRYPTION_KEY"
KEY_BYTES = 32


class EncryptionKeyError(Exception):
    """The variable is set to something that is no key; the text says how to make one."""


def encryption_key() -> bytes | None:
    """Return the key, 32 bytes; None where nothing is to be encrypted.

    Raises:
        EncryptionKeyError: the variable is set to something that is no key.
    """
    text = os.environ.get(KEY_VARIABLE)
    return _decode(text) if text else None


def encryption_key_text() -> str | None:
    """Return the key as base64 text, as DuckDB takes it; None where nothing is to be encrypted.

    Raises:
        EncryptionKeyError: the variable is set to something that is no key.
    """
    key = encryption_key()
    return base64.b64encode(key).decode() if key else None


@cache
def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise EncryptionKeyError(
            f"{KEY_VARIABLE} is not a key: it must be {KEY_BYTES} random bytes in base64. Make one "
            f"with `openssl rand -base64 {KEY_BYTES}`, and keep it: without it the data are lost."
        )
    return key
