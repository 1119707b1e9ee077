"""The built dashboard: its files, and its page for every address of its own."""

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

NOT_BUILT = (
    b"<!doctype html><title>customer360</title><p>The dashboard is not built yet: run "
    b"<code>make serve</code>. The API is at <a href='/api/schema'>/api/schema</a>."
)
FOREVER = "public, max-age=31536000, immutable"
SMALLEST_COMPRESSED = 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served. `compressed` is None where gzip would not make it smaller by much."""

    body: bytes
    media_type: str
    etag: str
    cache_control: str
    compressed: bytes | None = None

    def encoded(self, *, accepts_gzip: bool) -> tuple[bytes, str, bool]:
        """The body as a client takes it, its own ETag, and whether it is compressed."""
        if not accepts_gzip or self.compressed is None:
            return self.body, self.etag, False
        return self.compressed, f'{self.etag[:-1]}-gzip"', True


class Dashboard:
    """Reads a file once and again when it changed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.files: dict[Path, tuple[int, File]] = {}

    def find(self, path: str) -> tuple[int, File]:
        """The file of an address, or the dashboard's page; 404 for missing files of the build."""
        try:
            target = (self.directory / path.lstrip("/")).resolve()
            is_file = target.is_relative_to(self.directory) and target.is_file()
        except (OSError, ValueError):
            # A name that no file can have: too long, or with a NUL in it.
            is_file = False
        if is_file:
            return 200, self._read(target)
        if path.startswith("/assets/"):
            return 404, File(b"", "text/plain", '"none"', "no-cache")
        page = self.directory / "index.html"
        if page.is_file():
            return 200, self._read(page)
        return 503, File(NOT_BUILT, "text/html; charset=utf-8", '"none"', "no-store")

    def _read(self, path: Path) -> File:
        changed = path.stat().st_mtime_ns
        known = self.files.get(path)
        if known and known[0] == changed:
            return known[1]
        body = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
        if is_text:
            kind += "; charset=utf-8"
        # Once per file and process, so as small as it gets; fonts are compressed already.
        is_compressed = (is_text or kind == "image/svg+xml") and len(body) >= SMALLEST_COMPRESSED
        # Vite puts a hash of the content into the names of its assets.
        is_hashed = path.parent.name == "assets"
        file = File(
            body,
            kind,
            f'"{sha256(body).hexdigest()[:20]}"',
            FOREVER if is_hashed else "no-cache",
            gzip.compress(body, 9, mtime=0) if is_compressed else None,
        )
        self.files[path] = (changed, file)
        return file
