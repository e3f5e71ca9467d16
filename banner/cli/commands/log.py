"""What a person is told beside the records: on standard error, and with the time in the file of ``--log-file``."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TextIO

from ...formats.record import timestamp
from . import running


class Log(logging.Handler):
    """Tells; as a context manager it takes in the library's own log too, and closes the file in the end.

    That the file can no longer be written ends nothing: a scan outlives its log.
    """

    def __init__(self, path: str | None) -> None:
        """Lines are added to the file at `path`. Raises `OSError`."""
        super().__init__()
        self._file: TextIO | None = None
        if path is not None:
            self._file = open(path, "a", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115 - kept

    def complain(self, text: str) -> None:
        """One line on standard error, and in the file."""
        self.note(text)
        running.complain(text)

    def note(self, text: str) -> None:
        """One line, or several, in the file alone."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.write(f"{timestamp(time.time())} {text}\n")

    def emit(self, record: logging.LogRecord) -> None:
        """What the library says of itself, such as the traceback of a fault."""
        self.note(self.format(record))

    def __enter__(self) -> Log:
        if self._file is not None:
            logging.getLogger("banner").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("banner").removeHandler(self)
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
