"""CPE names (NISTIR 7695): the old URI form and loose 2.3 forms, made into well-formed 2.3 strings."""

from __future__ import annotations

import re
from functools import lru_cache

_UNSAFE = re.compile(r"[^a-z0-9_.-]")
_COMPONENTS = 11
"""part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other."""


@lru_cache(8192)  # a scan names the same products over and over
def formatted(name: str) -> str | None:
    """`name` (``cpe:/a:vendor:product:version`` or ``cpe:2.3:a:...``) as a CPE 2.3 formatted string.

    Components are lower case; what is not a letter, digit, underscore, hyphen or period is quoted (section
    6.2); "-" for a
    version means "none" in CPE and is written by people who mean "not known", so it becomes "*". None
    where `name` is no CPE name.
    """
    if name.startswith("cpe:2.3:"):
        parts = [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\):", name[8:])]
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
    return "cpe:2.3:" + ":".join(map(_quoted, parts))


def _unquoted(part: str) -> str:
    from urllib.parse import unquote  # a module of many parts, for the few names that need it

    return unquote(part)


def _quoted(part: str) -> str:
    if part in ("", "*"):
        return "*"
    if part == "-":
        return "-"
    text = "_".join(part.lower().split()).encode("ascii", "ignore").decode()
    return _UNSAFE.sub(lambda m: "\\" + m.group(), text) or "*"
