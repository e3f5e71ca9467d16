"""The two guides for contributors, done: a rule and a probe are added to a copy of the source, as they say."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from banner import testing
from tests.command import PATIENCE, Servers
from tests.documents import ROOT, Block, blocks, fenced
from tests.test_recipes import needs

RULE, PROBE = ROOT / "docs" / "adding-a-rule.md", ROOT / "docs" / "adding-a-probe.md"


def named_files(path: Path) -> dict[str, str]:
    """The blocks of a document that stand below a file's name."""
    found = re.findall(r"^`([\w/.-]+)`:\n\n```\w+\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL)
    return dict(found)


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def shell(text: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(folder)},
        capture_output=True,
        timeout=2 * PATIENCE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of what a contributor changes."""
    for name in ("banner", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_a_rule_of_ones_own(tmp_path: Path) -> None:
    needs("jq")
    write(named_files(RULE), tmp_path)
    shown = [block for block in fenced(RULE) if block.language in {"sh", "output"}]
    for block, following in zip(shown[::2], shown[1::2], strict=True):
        assert (block.language, following) == ("sh", Block("output", shell(block.text, tmp_path)))


def test_a_rule_for_everybody(source: Path) -> None:
    (text,) = named_files(RULE).values()
    fingerprint = text[text.index("  <fingerprint ") : text.index("</fingerprints>")]
    collection = source / "banner" / "recognition" / "rules" / "ftp.xml"
    before = collection.read_text()
    start = before.index("  <fingerprint ")
    collection.write_text(before[:start] + fingerprint + before[start:])
    (command,) = re.findall(r"^    (pytest .*)$", RULE.read_text(), re.MULTILINE)
    shell(f"python -m {command}", source)
    wrong = fingerprint.replace('service.version="3.2.1"', 'service.version="3"')
    collection.write_text(before[:start] + wrong + before[start:])
    with pytest.raises(AssertionError, match="frobnicate"):
        shell("python -m banner rules check banner/recognition/rules/ftp.xml", source)


def test_a_probe(source: Path) -> None:
    needs("jq")
    files = named_files(PROBE)
    assert len(files) == 3
    write(files, source)
    (section,) = blocks(PROBE, "markdown")
    documented = source / "docs" / "probes.md"
    documented.write_text(documented.read_text().replace("## http\n", f"{section}\n## http\n"))
    (commands,) = blocks(PROBE, "sh")
    (expected,) = blocks(PROBE, "output")
    tests, grab = commands.splitlines()
    assert " passed" in shell(tests.replace(" -q", ""), source)
    recorded = re.findall(r'^ +(b"[^"]*")$', files["tests/probes/recordings/gopher.py"], re.MULTILINE)
    menu = b"".join(map(ast.literal_eval, recorded))
    with Servers() as servers:
        server = servers.start(partial(testing.conversation, [(b"\r\n", menu)]))
        line = grab.replace("127.0.0.1:70", f"{server.host}:{server.port} --probe gopher")
        assert shell(line, source) == expected
