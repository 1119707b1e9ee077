"""Answers kept in memory: per build, decisions, caller's view and encoding."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field

MOST_BYTES = 256 * 1024 * 1024
SMALLEST_COMPRESSED = 1024


@dataclass(slots=True)
class Answer:
    """One kept answer. `decisions_revision` is None where decisions do not matter."""

    body: bytes
    media_type: bytes
    route: str
    etag: bytes
    decisions_revision: int | None
    compressed: bytes | None = field(default=None)

    def encoded(self, *, accepts_gzip: bool) -> tuple[bytes, bool]:
        """The body as a client takes it, and whether it is compressed."""
        if not accepts_gzip or len(self.body) < SMALLEST_COMPRESSED:
            return self.body, False
        if self.compressed is None:
            self.compressed = gzip.compress(self.body, 5, mtime=0)
        return self.compressed, True


class Cache:
    """Least recently used answers go first when the bytes run out."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()

    def get(self, key: tuple[str, ...], decisions_revision: int) -> Answer | None:
        """A kept answer that still holds."""
        answer = self.answers.get(key)
        if answer is None:
            return None
        if answer.decisions_revision not in (None, decisions_revision):
            self._drop(key)
            return None
        self.answers.move_to_end(key)
        return answer

    def put(self, key: tuple[str, ...], answer: Answer) -> None:
        """Keep an answer, unless it would push out most of the others."""
        if len(answer.body) > self.most_bytes // 4:
            return
        self._drop(key)
        self.answers[key] = answer
        # What compression will add is counted at once.
        self.bytes += self._weight(answer)
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self.answers)))

    @staticmethod
    def _weight(answer: Answer) -> int:
        return len(answer.body) * 4 // 3 + 500

    def _drop(self, key: tuple[str, ...]) -> None:
        answer = self.answers.pop(key, None)
        if answer:
            self.bytes -= self._weight(answer)

    def clear(self) -> None:
        """Forget everything."""
        self.answers.clear()
        self.bytes = 0
