"""What a package can add to banner: a dialogue, rules and a format, each by an entry point of its pyproject.toml.

Once it is installed beside banner (``pip install examples/plugin``), they are there for `banner.grab`,
`banner.scan`, `banner.read` and the command line, and nobody has to name them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import banner

# -- a dialogue: a server that counts, and tells how far ---------------------------------------------


def talk(wire: banner.Wire) -> Generator[banner.Want, None, banner.Service | None]:
    wire.send(b"HOW MANY?\r\n")
    answer = yield from wire.line()
    number = answer.removeprefix(b"THERE ARE ")
    if number == answer or not number.isdigit():
        return None
    wire.details["count"] = int(number)
    return banner.Service("counter", product="Counter")


PROBE = banner.Probe("counter", talk=talk, ports=(7999,))

# -- rules: files in Recog's form --------------------------------------------------------------------

RULES = Path(__file__).parent / "rules.xml"

# -- a format: fields between tabs -------------------------------------------------------------------

HEAD = b"host\tport\tstatus\trecord\n"


class Tabs:
    """Writes three fields for people and the record for whoever reads it back."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        file.write(HEAD)

    def write(self, grabs: Iterable[banner.Grab]) -> None:
        for grab in grabs:
            self.file.write(f"{grab.host}\t{grab.port}\t{grab.status}\t{grab.to_json()}\n".encode())

    def close(self) -> None:
        """There is nothing at the end."""


def read(lines: Iterator[bytes], bad: Callable[[int, str], None]) -> Iterator[banner.Grab]:
    for number, line in enumerate(lines, 1):
        if number > 1:
            try:
                yield banner.Grab.from_json(line.rpartition(b"\t")[2])
            except ValueError as error:
                bad(number, str(error))


TSV = banner.Format("tsv", Tabs, (".tsv",), recognises=lambda head: head.startswith(HEAD), read=read)
