"""What the documents show is so: commands as they are promised, code that runs, links that lead somewhere."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Certificate, End, Issued, Service, Status, Timings, Tls, testing
from banner.cli.options import COMMANDS, EXAMPLES, build_parser
from banner.formats.record import Line
from tests.command import PATIENCE
from tests.documents import DOCUMENTS, ROOT, blocks, commands, prose, shown_commands
from tests.tls_peer import lax_context

README = (ROOT / "README.md").read_text()
LIBRARY = blocks(ROOT / "docs" / "library.md", "python")
PARSER = build_parser()


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
    async with (
        testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n") as server,
        testing.silent(ssl=lax_context()) as secure,
    ):
        names: dict[str, Any] = {
            "banner": banner,
            "asyncio": asyncio,
            "host": server.host,
            "port": server.port,
            "secure_port": secure.port,
        }
        for piece in LIBRARY:
            code = compile(piece, "library.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            running = eval(code, names)
            if inspect.isawaitable(running):
                await running
    assert server.connections > 1000
    assert secure.connections == 1


def test_every_public_name_has_an_example_that_runs() -> None:
    used = {
        node.attr
        for piece in LIBRARY
        for node in ast.walk(
            compile(piece, "library.md", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        )
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "banner"
    }
    assert used == set(banner.__all__)


HELP = {name: import_module(f"banner.cli.options.{name}").EXAMPLES for name in COMMANDS}
HELP = {name: import_module(f"banner.cli.options.{name}").EXAMPLES for name in COMMANDS}
SHOWN = [
    *(words for path in DOCUMENTS for words in shown_commands(path)),
    *(
        words
        for text in (EXAMPLES, *HELP.values())
        for line in text.splitlines()[1:]
        for words in commands(line.strip().split("  ")[0])
    ),
]


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_commands_are_understood(words: list[str]) -> None:
    PARSER.parse_args(words)


def test_every_command_shows_examples_of_itself() -> None:
    for name, text in HELP.items():
        assert f"banner {name} " in text + " ", name


def test_commands_were_found() -> None:
    assert len(SHOWN) >= 60


def test_commands_are_found_wherever_they_stand() -> None:
    text = "x | banner a -i - 2>err && banner b \\\n 'c d' >out <in;banner e # f\nif ! banner g; then banner h\nfi\n"
    assert list(commands(text)) == [["a", "-i", "-"], ["b", "c d"], ["e"], ["g"], ["h"]]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", prose(path)):
        assert (path.parent / target).exists(), target


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as Python-Markdown's `toc` makes them."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(path), re.MULTILINE)
    words = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", each).strip().lower()) for each in words}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_into_documents_lead_to_their_headings(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", prose(path)):
        into = path.parent / target if target else path
        assert anchor in anchors(into), f"{target}#{anchor}"


def test_every_field_of_the_record_is_explained() -> None:
    text = (ROOT / "docs" / "record.md").read_text()
    told = set(re.findall(r"`([a-z0-9_-]+)`", text))
    fields = {
        name for kind in (Line, Service, Tls, Certificate, Issued, Timings) for name in kind.__struct_fields__
    }
    assert fields | set(Status) | set(End) <= told
    table = re.findall(r"^\| `(\w+)` \| .*\|$", text.split("## ")[0], re.MULTILINE)
    assert table == list(Line.__struct_fields__)


def test_every_server_for_tests_is_named() -> None:
    text = (ROOT / "docs" / "library.md").read_text()
    text = text.split("## Testing")[1].split("\n## ")[0]
    servers = set(testing.__all__) - {"Connection", "Server", "segments", "udp"}
    assert servers == set(re.findall(r"^\| `(\w+)\(", text, re.MULTILINE))
    servers = set(testing.udp.__all__) - {"Place", "Server"}
    assert servers == set(re.findall(r"^\| `udp\.(\w+)\(", text, re.MULTILINE))


def test_the_policys_words_are_those_of_the_code() -> None:
    from banner.addresses.special import WORDS

    text = (ROOT / "docs" / "library.md").read_text()
    assert all(f"`{word}`" in text for word in WORDS)


def test_every_public_name_and_argument_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "library.md").read_text().split("## Reference")[1]
    names, arguments = reference.split("Keyword arguments")
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", names, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    }
    assert told == set(banner.__all__)
    functions: dict[str, Any] = {"grab": banner.grab, "scan": banner.scan}
    expected = {
        (name, parameter.name): parameter.default
        for name, function in functions.items()
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    for name, of, default in re.findall(r"^\| `(\w+)` \| (\S+) \| `(.*?)` \|", arguments, re.MULTILINE):
        for function in functions if of == "both" else [of.strip("`")]:
            value = eval(default, {"Timeouts": banner.Timeouts, "Manners": banner.Manners})
            assert expected.pop((function, name)) == value, name
    assert not expected
