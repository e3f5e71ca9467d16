"""CPE names (NISTIR 7695): the old URI form and loose 2.3 forms, made into well-formed 2.3 strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ..text.patterns import lazily

_HOLE = lazily(r"\{([\w.]+)\}(:\*)?")
_BARE = lazily(r"[^\s~+/,;-]+")
_UPDATE = lazily(r"[-~+ ]?((?:rc|beta|alpha|a|b|p|pl|sp|ga|m|cr)[.-]?\d+)(?![\w.])", re.IGNORECASE)
_QUOTED = lazily(r"\\(.)")
_PLAIN = lazily(r"[a-z0-9_.]+")
_UNSAFE = lazily(r"[^a-z0-9_.-]")
_COMPONENTS = 11
"""part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other."""


def filled(name: str, found: Mapping[str, str]) -> str:
    """The CPE `name` with what was `found` in its holes; what was not found is ``-``.

    A version is the bare one: what a distribution or a build adds to it (``-0ubuntu1``, ``+dfsg``) is no part of
    it, and a pre-release or a patch (``rc1``, ``P2``) behind a hyphen is the next component, the update.
    """

    def one(hole: re.Match[str]) -> str:
        text, after = found.get(hole[1]), hole[2] or ""
        if text is None:
            return "-" + after
        if hole[1].endswith(".version"):
            text, after = _version(text, after)
        return (
            text.replace(":", "%3a")
            if name.startswith("cpe:/")
            else text.replace("\\", r"\\").replace(":", r"\:")
        ) + after

    return _HOLE.sub(one, name)


def bare(version: str) -> str:
    """`version` without what stands behind it: ``8.9p1`` of ``8.9p1-3ubuntu0.10``."""
    found = _BARE.match(version) if version[:1].isdigit() else None
    return found.group() if found else version


def _version(text: str, after: str) -> tuple[str, str]:
    number = bare(text)
    update = _UPDATE.match(text, len(number)) if after and len(number) < len(text) else None
    return number, f":{update[1]}" if update else after


@lru_cache(8192)  # a scan names the same products over and over
def formatted(name: str) -> str | None:
    """`name` (``cpe:/a:vendor:product:version`` or ``cpe:2.3:a:...``) as a CPE 2.3 formatted string.

    Components are lower case; what is not a letter, digit, underscore, hyphen or period is quoted (section
    6.2); "-" for a
    version means "none" in CPE and is written by people who mean "not known", so it becomes "*". None
    where `name` is no CPE name.
    """
    if name.startswith("cpe:2.3:"):
        parts = (
            [_plain(part) for part in _hidden(name[8:]).split(":")] if "\\" in name else name[8:].split(":")
        )
    elif name.startswith("cpe:/"):
        parts = [_unquoted(part) if "%" in part else part for part in name[5:].split(":")]
    else:
        return None
    if len(parts) < 3 or parts[0] not in ("a", "o", "h") or not parts[1] or not parts[2]:
        return None
    parts = [part.strip() for part in parts[:_COMPONENTS]]
    if len(parts) > 3 and parts[3] == "-":
        parts[3] = "*"
    parts += ["*"] * (_COMPONENTS - len(parts))
    return "cpe:2.3:" + ":".join(map(quoted, parts))


def _hidden(text: str) -> str:
    """`text` with what is quoted and could be taken for a colon between components, out of the way."""
    return text.replace("\\\\", "\0").replace("\\:", "\1")


def _plain(part: str) -> str:
    return _QUOTED.sub(r"\1", part).replace("\1", ":").replace("\0", "\\")


def _unquoted(part: str) -> str:
    from urllib.parse import unquote  # a module of many parts, for the few names that need it

    return unquote(part)


def quoted(part: str) -> str:
    """One component as a formatted string has it."""
    if part in ("", "*"):
        return "*"
    if _PLAIN.fullmatch(part):
        return part
    if part == "-":
        return "-"
    text = "_".join(part.lower().split()).encode("ascii", "ignore").decode()
    return _UNSAFE.sub(lambda m: "\\" + m.group(), text) or "*"
