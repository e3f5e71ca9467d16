"""The documents as tests read them: their fenced blocks, and the commands in a shell's text."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/**/*.md")]
_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SEPARATORS = set("|&;()\n")
_WRAPPERS = {"if", "then", "do", "else", "!", "time", "exec"}
"""Words before which a command is still to come."""


class Block(NamedTuple):
    """One fenced block."""

    language: str
    text: str


def fenced(path: Path) -> list[Block]:
    """The blocks of a document, in their order, without the indentation of a list that they stand in."""
    return [Block(name, textwrap.dedent(text)) for name, text in _FENCED.findall(path.read_text())]


def blocks(path: Path, *languages: str) -> list[str]:
    """The texts of the blocks in those languages."""
    return [block.text for block in fenced(path) if block.language in languages]


def prose(path: Path) -> str:
    """A document without its blocks."""
    return _FENCED.sub("", path.read_text())


def commands(text: str) -> Iterator[list[str]]:
    """The words of every ``banner`` command in a shell's text, with what is redirected left out."""
    text = re.sub(r"(?m)(^|\s)#.*$", r"\1", text.replace("\\\n", " "))
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;()<>\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    redirected = False
    for word in [*lexer, "\n"]:
        if set(word) <= _SEPARATORS:
            if words and words[0] == "banner":
                yield words[1:]
            words = []
        elif set(word) <= set("<>&"):
            if words and words[-1] in {"1", "2"}:  # of 2>
                words.pop()
            redirected = True
        elif redirected:
            redirected = False
        elif words or word not in _WRAPPERS:
            words.append(word)


def shown_commands(path: Path) -> Iterator[list[str]]:
    """Every ``banner`` command that a document shows: in shell blocks, after a prompt, in plain blocks."""
    for language, text in fenced(path):
        if language == "sh":
            yield from commands(text)
        elif language in {"", "console"}:
            for line in text.splitlines():
                line = line.removeprefix("$ ")
                if line.startswith("banner "):  # what follows two spaces explains it
                    yield from commands(line.split("  ")[0])
