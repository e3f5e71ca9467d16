"""Every option that a document names is one of the real command line's."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner.cli.main import COMMANDS, build_parser
from banner.cli.options import Parser
from tests.documents import ROOT

PARSER = build_parser()
COMING = ROOT / "docs" / "coming-from.md"
OWN = [ROOT / "README.md", *(path for path in (ROOT / "docs").glob("*.md") if path != COMING)]
CODE = re.compile(r"`([^`\n]+)`")
TARGET = "192.0.2.1:22"


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    if isinstance(parser, Parser):
        parser.fill()
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _parsers(inner)


OPTIONS = {name for one in _parsers(PARSER) for action in one._actions for name in action.option_strings}
"""Those of all commands."""


def rows() -> list[list[str]]:
    """Theirs, ours, what differs: of every table of options."""
    found: list[list[str]] = []
    ours = False
    for line in COMING.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            ours = False
        elif len(cells) > 1 and cells[1] == "banner":
            ours = True
        elif ours and not line.startswith("|---"):
            found.append(cells)
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:40])
def test_what_is_ours_is_understood(row: list[str]) -> None:
    assert len(row) == 3, row
    spans = CODE.findall(row[1])
    assert spans or row[1] in {"none", "always", "the same", "on a terminal"}, row
    for span in spans:
        words = shlex.split(span)
        if words[0] == "banner" and words[1:] and len(words) == 2:
            assert words[1] in COMMANDS
        elif words[0] == "banner":
            PARSER.parse_args(words[1:])
        elif span.startswith("-"):
            PARSER.parse_args(["scan", TARGET, *("ssh" if word == "NAME" else word for word in words)])
        else:
            PARSER.parse_args(["scan", span])
    theirs = set(re.findall(r"--?[a-z][\w-]*", row[0]))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", row[2])) <= OPTIONS | theirs


def test_the_tables_were_found() -> None:
    assert len(rows()) >= 80


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_options_exist(path: Path) -> None:
    named = {
        word
        for span in CODE.findall(path.read_text())
        if span.startswith(("--", "banner "))
        for word in span.split()
        if re.fullmatch(r"--[a-z][a-z-]*", word)
    }
    assert named <= OPTIONS, path.name
