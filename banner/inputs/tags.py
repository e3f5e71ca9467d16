"""The tag behind a target, and what must not pass for one: a second target on the line, or a part of the first.

nmap and others take several targets from a line; here the rest of a line is the tag, so that who gives us their list
would lose all but the first of each without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..addresses.blocks import parse_block
from ..addresses.names import check_name
from ..addresses.ports import parse_port
from ..text.lines import shown
from ..text.patterns import lazily

_MARKS: Final = "-,;:/| "
"""What may stand between two targets, or between a target and its ports."""
_LITERAL: Final = "\ufdd0"
"""Stands in a list that is made of another tool's file before a tag, which is one whatever it looks like, and before
each # in it that begins a word: no comment. A noncharacter of Unicode, so in nobody's text."""
_PORTS: Final = lazily(r"[0-9]{1,5}(?:[ ,]+[0-9]{1,5})+")


def literal(spec: str) -> str:
    """`spec` with its tag, if it has one, as a line from which that tag is read as it is."""
    return spec.replace(" ", f" {_LITERAL}", 1).replace(" #", f" {_LITERAL}#")


def tag_of(text: str, host: str, *, explicit: bool, column: bool) -> str:
    """The tag that `text` is behind `host`, whose own name may begin it; `explicit` where the target's ports are
    named, `column` where they are a column before it. Raises `ValueError`."""
    given = " ".join(text.split())
    tag = given.replace(_LITERAL, "")
    if any(ord(char) < 32 or "\x7f" <= char < "\xa0" or "\ud800" <= char <= "\udfff" for char in tag):
        raise ValueError(f"the tag {shown(tag)} holds control characters")
    other = f"{given} ".removeprefix(f"{host} ").rstrip()
    if not given.startswith(_LITERAL) and _strays(other, explicit=explicit, column=column):
        raise ValueError(
            f"{shown(tag)} stands where the tag does: one target a line, with its ports as HOST:22,80"
        )
    return tag


def _strays(tag: str, *, explicit: bool, column: bool) -> bool:
    """Whether `tag` begins with an address, a name with a port, or ports, that are visited by nobody there.

    Behind a target with its ports an address alone is a tag: what a reverse lookup found may look like one.
    """
    rest = tag.lstrip(_MARKS)
    marked = len(rest) < len(tag)
    first = rest.partition(" ")[0].rstrip(",;")
    if not (first[:1].isdigit() or ":" in first):
        return False  # nearly all tags
    if first.isdigit() and marked:
        return tag[0] in ",:/|"
    if column and _PORTS.fullmatch(rest):
        return True
    return _has_port(first) or ((marked or not explicit) and _reads(parse_block, first.strip("[]")))


def _has_port(word: str) -> bool:
    host, _, port = word.rpartition(":")
    if not _reads(parse_port, port):
        return False
    if host.startswith("["):
        return _reads(parse_block, host[1:-1])
    return "." in host and (_reads(parse_block, host) or _reads(check_name, host))


def _reads(read: Callable[[str], object], word: str) -> bool:
    try:
        read(word)
    except ValueError:
        return False
    return True
