"""``banner identify``: files and exit codes around pure code; the network is never touched."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import chain
from operator import methodcaller
from typing import IO

from ...formats import identify_records
from ...formats.reader import CHUNK, DATABASES, named, read_chunks, read_records
from ...formats.record import encode
from ...formats.terminal import safe_json
from ...recognition.identify import Rules
from ...text.compression import ZSTD, CutError, unpacked
from ...text.lines import blocks_of_lines
from .complaints import Complaints

DONE, USAGE = 0, 2


def rules_of(paths: list[str] | None, *, built_in: bool = True) -> Rules:
    """The rules that ``--rules`` names, or else BANNER_RULES. Raises `OSError` and `ValueError`."""
    if paths is None:
        paths = [path for path in os.environ.get("BANNER_RULES", "").split(os.pathsep) if path]
    if not paths and not built_in:
        raise ValueError("--no-built-in-rules: give others with --rules or BANNER_RULES")
    return Rules(*paths, built_in=built_in)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0, or 2 where a line or an argument was no good, or 3 where nothing can be
    written."""
    try:
        rules = rules_of(args.rules, built_in=not args.no_built_in_rules)
        if args.port is not None and not 1 <= args.port <= 65535:
            raise ValueError(f"port {args.port} is not between 1 and 65535")
        opened = nullcontext(sys.stdin.buffer) if args.file == "-" else open(args.file, "rb")  # noqa: SIM115 - entered
    except OSError as error:
        print(f"banner identify: {error.filename or args.file}: {error.strerror}", file=sys.stderr)
        return USAGE
    except ValueError as error:
        print(f"banner identify: {error}", file=sys.stderr)
        return USAGE
    told = Complaints(_say, each=3)

    def complain(number: int, reason: str) -> None:
        told("", number, reason)

    with opened as file:
        try:
            if args.text:
                lines = named(identify_records.lines_of(file), args.file)
                shown = _blocks(identify_records.identified_text(lines, rules, args.port))
            else:
                shown = _identified(_lines(args.file, file, complain), rules, complain)
            _write(shown)
        except OSError as error:
            if error.filename is None:
                raise  # of standard output
            print(f"banner identify: {error.filename}: {error.strerror}", file=sys.stderr)
            return USAGE
        except (ValueError, ImportError) as error:
            print(f"banner identify: {args.file}: {error}", file=sys.stderr)
            return USAGE
    told.end()
    if told.count:
        advice = "" if args.text else " (greetings, one a line, are read with --text)"
        print(f"banner identify: {_left_out(told.count)}{advice}", file=sys.stderr)
    return USAGE if told.count else DONE


def _left_out(lines: int) -> str:
    if lines == 1:
        return "1 line was no record and was left out"
    return f"{lines} lines were no records and were left out"


def _say(text: str) -> None:
    print(f"banner identify: {text.removeprefix(': ')}", file=sys.stderr)


def _identified(
    blocks: Iterable[list[bytes]], rules: Rules, complain: Callable[[int, str], None]
) -> Iterator[list[bytes]]:
    """`identify_records.identified`, block by block."""
    start = 1
    for block in blocks:
        yield list(identify_records.identified(block, rules, complain, start))
        start += len(block)


def _lines(path: str, file: IO[bytes], complain: Callable[[int, str], None]) -> Iterator[list[bytes]]:
    """The records of a file in any of our formats, as lines of JSON, those together that are read together; such lines
    themselves stay as they are. Raises `ValueError` and `ImportError`."""
    read = getattr(file, "read1", file.read)  # what comes through a pipe is named at once
    chunks = named(iter(lambda: read(CHUNK), b""), path)
    head = b""
    while len(head) < len(ZSTD) and (chunk := next(chunks, b"")):
        head += chunk
    if head.startswith(DATABASES) and path != "-":
        yield from _blocks(map(encode, read_records(path, complain)))
        return
    text = unpacked(chain([head], chunks))
    try:
        start = next(text, b"")
        other = start.startswith(DATABASES) or _CSV.match(start)
        if other or start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b""):
            yield from _blocks(map(encode, read_chunks(chain([start], text), complain)))
            return
        for block in blocks_of_lines(chain([start], text)):
            yield block if all(map(_OURS, block)) else list(chain.from_iterable(_ours(block, complain)))
    except CutError as cut:
        complain(0, str(cut))


_OURS = methodcaller("startswith", b'{"v"')
"""How the records of our JSON lines begin."""


def _ours(block: list[bytes], complain: Callable[[int, str], None]) -> Iterator[Iterable[bytes]]:
    """The lines of `block`, and those of zgrab2 as ours."""
    for line in block:
        foreign = b'"data"' in line and b'"v"' not in line
        yield map(encode, read_chunks([line], complain)) if foreign else [line]


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """`lines`, some at a time: one by one for somebody who looks at them. Where reading fails, what came before is
    given."""
    each = 1 if sys.stdout.isatty() else 64
    block: list[bytes] = []
    try:
        for line in lines:
            block.append(line)
            if len(block) >= each:
                yield block
                block = []
    except (ValueError, ImportError):
        yield block
        raise
    yield block


_CSV = re.compile(rb'(?:\xef\xbb\xbf)?"?time"?,"?host')
"""How our CSV begins."""


def _write(blocks: Iterator[list[bytes]]) -> None:
    """Write the lines of `blocks` to standard output, each block at once. Raises `OSError`."""
    out: IO[bytes] = sys.stdout.buffer
    if isinstance(out, io.RawIOBase):  # PYTHONUNBUFFERED: it may write a part of what it is given
        out = open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115 - standard output stays open
    shown = sys.stdout.isatty()
    try:
        for block in blocks:
            out.write(b"".join(map(safe_json, block) if shown else block))
            out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has what it wanted
