"""What files of targets cost: 200 MB of every format, as it is read by `banner targets` (time, and memory at its peak).

    python -m tests.bench.files [--megabytes 200] [FORMAT ...]

Each format is made (``tests.made_files``) and read in a process of its own, in the chunks in which files are read.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator

from banner.inputs.neighbours import read
from banner.inputs.spec import Spec
from tests.made_files import FORMATS, address

CHUNK = 65536


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", default=list(FORMATS), metavar="FORMAT")
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(measured(options.formats[0], options.megabytes))
        return
    print(
        f"| {'format':<13} | {'MB':>5} | {'targets':>10} | {'MB/s':>6} | peak MB | of which before the first byte |"
    )
    print("|---|---|---|---|---|---|")
    for name in options.formats:
        command = [
            sys.executable,
            "-m",
            "tests.bench.files",
            "--here",
            "--megabytes",
            str(options.megabytes),
            name,
        ]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


def measured(name: str, megabytes: float) -> str:
    """A row of the table."""
    made = FORMATS[name]
    hosts = max(1, round(megabytes * 1e6 / len(made.host(address(123456)))))
    size, targets = 0, 0

    def counted(chunks: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            yield chunk

    list(read(cut(made.chunks(10))))  # what is imported late is not the file's memory
    before, began = peak(), time.perf_counter()
    for item in read(counted(cut(made.chunks(hosts)))):
        assert isinstance(item, Spec) or item.note, item
        targets += item.size if isinstance(item, Spec) else 0
    took = time.perf_counter() - began
    assert targets == hosts * (1 + made.udp), (targets, hosts)
    row = f"| {name:<13} | {size / 1e6:5.0f} | {targets:>10,} | {size / 1e6 / took:6.1f} |"
    return f"{row} {peak():7.1f} | {before:.1f} |"


def cut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces as a file is read."""
    for chunk in chunks:
        yield from (chunk[at : at + CHUNK] for at in range(0, len(chunk), CHUNK))


def peak() -> float:
    """The most memory that this process had, in MB (getrusage(2): kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
