"""`banner.targets`: targets for programs, named as on the command line."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Never

from ..addresses.blocks import AddressSet
from ..addresses.ports import format_ports, parse_port, parse_ports
from ..text.lines import split_lines
from ..text.patterns import lazily
from ..text.taken import check_keywords
from .files import Source
from .named import Complaint, NamedTargets
from .order import parse_shard
from .selection import NoTargetsError, Selection
from .spec import parse

Named = str | os.PathLike[str] | IPv4Address | IPv6Address | IPv4Network | IPv6Network
"""What targets are named by."""
_KINDS: Final = (str, os.PathLike, IPv4Address, IPv6Address, IPv4Network, IPv6Network)
_A_FILE: Final = lazily(
    r"\.(?:txt|lst|list|xml|g?nmap|csv|tsv|jsonl?|ndjson|nessus|sqlite3?|db|parquet|log|out|gz|zst|bz2|xz)\Z",
    re.I,
)
"""How the names of files end; no name of a host does (https://data.iana.org/TLD/tlds-alpha-by-domain.txt)."""


def targets(
    *what: Named,
    ports: str | int | Iterable[int] | None = None,
    exclude: str | os.PathLike[str] | Iterable[Named] = (),
    seed: int | None = None,
    shard: tuple[int, int] | str = (1, 1),
    bad: Complaint | None = None,
    files: bool = True,
    **wrong: Never,
) -> NamedTargets:
    """What `what` names, as the command line reads it: hosts, ``host:22,80``, ``[2001:db8::1]:22``, networks, ranges,
    and files of them, other tools' outputs too.

    A path is a file; so is a text that names one that is there, or ends as files do (``.txt``, ``.xml``, ...); ``-`` is
    standard input. `ports` (``22``, ``"22,80,8000-8010"``, ``"top:100"``) are for those that name none. `exclude` takes
    networks, and paths of files of them: what lies in one is cut out of networks, and a scan of these targets visits
    nothing of it. `seed` shuffles, the same way everywhere; without it the order is the given one. `shard` is one part
    of several that are disjoint and together the whole: ``(1, 4)`` or ``"1/4"``.

    What is wrong in a file is told to `bad`, as the file, the number of the line (0 where it has none) and the reason;
    without `bad` it is a `ValueError` when it is met. Raises `ValueError` for a text that names nothing, and
    `OSError` for a file that cannot be read. With ``files=False`` no text names a file, only a path does: for what
    strangers say.
    """
    check_keywords(targets, wrong)
    if not isinstance(files, bool):
        raise TypeError(f"files is True or False, not {files!r}")
    if not what:
        raise NoTargetsError("no targets are named")
    chosen, paths = _told_apart(what, files=files)
    default = _ports(ports)
    for text in chosen:
        parse(text, parse_ports(default) if default else ())
    if bad is not None and not callable(bad):
        raise TypeError(f"bad is called with a file, a line and a reason, and {bad!r} cannot be")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise TypeError(f"a seed is a number, not {seed!r}")
    part = _shard(shard)
    excluded = _excluded(exclude)
    select = partial(
        Selection,
        chosen,
        paths,
        ports=default,
        exclude=excluded or None,
        shuffled=seed is not None,
        seed=seed,
        shard=part,
    )
    regular = [_regular(path) for path in paths]
    return NamedTargets(select, excluded, bad, piped=not all(regular))


def _told_apart(what: Iterable[Named], *, files: bool) -> tuple[list[str], list[str]]:
    """The texts among `what`, and the paths."""
    chosen: list[str] = []
    paths: list[str] = []
    for one in what:
        if not isinstance(one, _KINDS):  # str() of anything is a text, and of None a host's name
            raise TypeError(f"targets are named by texts, paths, addresses and networks, not {one!r}")
        text = os.fspath(one) if isinstance(one, os.PathLike) else str(one)
        (paths if isinstance(one, os.PathLike) or (files and _is_file(text)) else chosen).append(text)
    return chosen, paths


def _is_file(text: str) -> bool:
    if text == "-" or ("://" not in text and _A_FILE.search(text)):
        return True
    try:
        return not stat.S_ISDIR(os.stat(text).st_mode)
    except (OSError, ValueError):  # a NUL
        return False


def _regular(path: str) -> bool:
    """Whether reading it never waits for somebody. Raises `OSError`."""
    found = os.fstat(0) if path == "-" else os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return stat.S_ISREG(found.st_mode)


def _ports(given: str | int | Iterable[int] | None) -> str | None:
    if given is None or isinstance(given, str):
        return given
    if not isinstance(given, int | Iterable):
        raise TypeError(f"ports are a number, several, or a text of them, not {given!r}")
    numbers = [given] if isinstance(given, int) else list(given)
    return format_ports([parse_port(str(number)) for number in numbers])


def _shard(given: tuple[int, int] | str) -> str:
    if not isinstance(given, str):
        if not isinstance(given, tuple) or len(given) != 2:
            raise TypeError(
                f"a shard is a text or two numbers: (2, 7) is the second of seven, {given!r} is none"
            )
        given = "{}/{}".format(*given)
    parse_shard(given)
    return given


def _excluded(given: str | os.PathLike[str] | Iterable[Named]) -> AddressSet:
    if isinstance(given, str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable):
        raise TypeError(f"exclude is a network, a path, or several of them, not {given!r}")
    found = AddressSet()
    for item in given:
        if not isinstance(item, _KINDS):
            raise TypeError(f"networks are excluded by texts, networks and paths, not {item!r}")
        if isinstance(item, os.PathLike):
            found |= _read(os.fspath(item))
        else:
            found |= AddressSet.of([str(item)])
    return found


def _read(path: str) -> AddressSet:
    """The networks of a file. Raises `OSError`, `ValueError`."""
    source = Source(path)
    try:
        return AddressSet.read(split_lines(source.chunks()))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
