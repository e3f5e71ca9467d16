"""What other packages add: entry points of the groups ``banner.probes``, ``banner.rules`` and ``banner.formats``.

Whoever installs such a package has asked for it. One that cannot be loaded is left out, with a warning in the log: it
must not end scans that have nothing to do with it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from typing import Any


def plugged(group: str) -> list[tuple[str, Any]]:
    """What the entry points of `group` are: the name of each, and what it loads, by their names."""
    found = []
    for point in _points().get(group, ()):
        try:
            found.append((point.name, point.load()))
        except Exception as error:  # somebody else's code
            leave_out(f"{group}: {point.name} ({point.value})", error)
    return found


def leave_out(what: str, why: object) -> None:
    """Tell that something is not used."""
    import logging  # of many parts, for the few who need it

    logging.getLogger("banner").warning("left out: %s: %s", what, why)


def _mentions_us(folder: str) -> bool:
    """Whether a package in `folder` has entry points of ours; also where that cannot be seen (a zip file)."""
    try:
        packages = [name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info"))]
    except FileNotFoundError:
        return False
    except OSError:
        return True
    for package in packages:
        path = os.path.join(folder, package, "entry_points.txt")
        if not os.access(path, os.R_OK):  # most have none: to ask takes a third of the time of an error
            continue
        with suppress(OSError), open(path, "rb", buffering=0) as file:
            if b"[banner." in file.read():
                return True
    return False


@cache
def _points() -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    if not any(map(_mentions_us, sys.path)):
        return groups
    from importlib.metadata import (
        entry_points,
    )  # and with it email and socket: more than all else that rules need

    for group in ("banner.probes", "banner.rules", "banner.formats"):
        groups[group] = sorted(entry_points(group=group), key=lambda point: point.name)
    return groups
