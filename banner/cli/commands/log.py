"""What a person is told beside the records: on standard error, and with the time in the file of ``--log-file``."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from typing import TextIO

from ...formats.record import timestamp
from . import running


class Log:
    """Tells; as a context manager it takes in the library's own log too, and closes the file in the end.

    That the file can no longer be written ends nothing: a scan outlives its log.
    """

    def __init__(self, path: str | None) -> None:
        """Lines are added to the file at `path`. Raises `UsageError`."""
        self._file: TextIO | None = None
        self._handler: logging.Handler | None = None
        if path is not None:
            try:
                self._file = open(path, "a", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115 - kept
            except OSError as error:
                raise running.UsageError(f"--log-file {path}: {error.strerror}") from None

    def complain(self, text: str) -> None:
        """One line on standard error, and in the file."""
        self.note(text)
        running.complain(text)

    def note(self, text: str) -> None:
        """One line, or several, in the file alone."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.write(f"{timestamp(time.time())} {text}\n")

    def __enter__(self) -> Log:
        if self._file is not None:
            self._handler = _handler(self.note)
            logging.getLogger("banner").addHandler(self._handler)
        return self

    def __exit__(self, *_: object) -> None:
        if self._handler is not None:
            logging.getLogger("banner").removeHandler(self._handler)
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()


def _handler(note: Callable[[str], None]) -> logging.Handler:
    """Has what the library says of itself, such as the traceback of a fault, noted."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            note(self.format(record))

    return Handler()
