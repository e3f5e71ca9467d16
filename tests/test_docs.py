"""What the documents show is so: commands as they are promised, code that runs, links that lead somewhere."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Certificate, End, Service, Status, Timings, Tls, testing
from banner.cli import COMMANDS, EXAMPLES, build_parser
from banner.record import Line
from tests.command import PATIENCE

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
README = (ROOT / "README.md").read_text()


def blocks(path: Path, language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def test_the_readme_has_the_two_commands_and_no_other_set_up() -> None:
    setting_up = [line for line in README.splitlines() if "venv" in line or "pip install" in line]
    assert setting_up == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/banner demo",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ]


def test_the_readmes_program_runs() -> None:
    (program,) = blocks(ROOT / "README.md", "python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    words = [line.split()[0] for line in done.stdout.splitlines()]
    assert words[0] in set(Status)
    assert words[1:] == ["127.0.0.1"] * 4


async def test_the_pieces_of_the_librarys_page_run() -> None:
    async with testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n") as server:
        names: dict[str, Any] = {
            "banner": banner,
            "asyncio": asyncio,
            "host": server.host,
            "port": server.port,
        }
        pieces = blocks(ROOT / "docs" / "library.md", "python")
        for piece in pieces:
            code = compile(piece, "library.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            running = eval(code, names)
            if inspect.isawaitable(running):
                await running
    assert len(pieces) == 10
    assert server.connections > 1000


HELP = {name: import_module(f"banner.options.{name}").EXAMPLES for name in COMMANDS}
SHOWN = [block for path in DOCUMENTS for block in blocks(path, "")] + [EXAMPLES, *HELP.values()]
LINES = [
    re.sub(r"^ *(.*\| )?(?=banner )", "", line).split("  ")[0]
    for block in SHOWN
    for line in block.splitlines()
    if re.match(r" *(.*\| )?banner [a-z]", line)
]


@pytest.mark.parametrize("command", LINES)
def test_commands_are_understood(command: str) -> None:
    words = shlex.split(re.split(r" [<>|] ?", command)[0])
    build_parser().parse_args(words[1:])


def test_every_command_shows_examples_of_itself() -> None:
    for name, text in HELP.items():
        assert f"banner {name} " in text + " ", name


def test_commands_were_found() -> None:
    assert len(LINES) >= 30


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_every_field_of_the_record_is_explained() -> None:
    text = (ROOT / "docs" / "record.md").read_text()
    told = set(re.findall(r"`([a-z0-9_-]+)`", text))
    fields = {name for kind in (Line, Service, Tls, Certificate, Timings) for name in kind.__struct_fields__}
    assert fields | set(Status) | set(End) <= told
    table = re.findall(r"^\| `(\w+)` \| .*\|$", text.split("## ")[0], re.MULTILINE)
    assert table == list(Line.__struct_fields__)


def test_every_server_for_tests_is_named() -> None:
    text = (ROOT / "docs" / "library.md").read_text()
    servers = set(testing.__all__) - {"Connection", "Server", "segments"}
    assert servers == set(re.findall(r"^\| `(\w+)\(", text, re.MULTILINE))


def test_the_policys_words_are_those_of_the_code() -> None:
    from banner.policy import WORDS

    text = (ROOT / "docs" / "library.md").read_text()
    assert all(f"`{word}`" in text for word in WORDS)
