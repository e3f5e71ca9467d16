"""Packages that add dialogues, rules and formats: the example's, as pip leaves it, and ones that are wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from tests.command import PATIENCE, Servers

PLUGIN = Path(__file__).parents[1] / "examples" / "plugin"


def install(folder: Path, name: str, points: dict[str, dict[str, str]]) -> None:
    """What an installer writes: the package's metadata (https://packaging.python.org/specifications/entry-points)."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [
        line
        for group, found in points.items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in found.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    shutil.copytree(PLUGIN / "banner_counter", tmp_path / "site" / "banner_counter")
    points = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["entry-points"]
    install(tmp_path / "site", "banner_counter", points)
    return tmp_path / "site"


def run(folder: Path, *command: str, status: int = 0) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        env={**os.environ, "PYTHONPATH": f"{folder}:{Path(__file__).parents[1]}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def counter() -> Iterator[int]:
    with Servers() as servers:
        script = [(b"HOW MANY?\r\n", b"THERE ARE 7\r\n")]
        yield servers.start(lambda: testing.conversation(script)).port


def test_the_examples_dialogue_is_held(installed: Path, counter: int) -> None:
    told, _ = run(installed, "-m", "banner", "grab", f"127.0.0.1:{counter}", "--probe", "counter", "--json")
    record = json.loads(told)
    assert (record["probe"], record["details"]) == ("counter", {"count": 7})
    assert record["service"]["product"] == "Counter"


@pytest.mark.parametrize("named", ["folder", "file", "module"])
def test_dialogues_without_a_package(named: str, counter: int, tmp_path: Path) -> None:
    folder = tmp_path / "dialogues"
    shutil.copytree(PLUGIN / "banner_counter", folder)
    (folder / "__init__.py").rename(folder / "counting.py")
    (folder / "_shared.py").write_text("raise AssertionError('a file of this name is none of ours')\n")
    name = {"folder": str(folder), "file": str(folder / "counting.py"), "module": "counting"}[named]
    told, _ = run(
        folder,
        "-m",
        "banner",
        "scan",
        f"127.0.0.1:{counter}",
        "--probes",
        name,
        "--probe",
        "counter",
        "-o",
        "-",
    )
    assert json.loads(told)["details"] == {"count": 7}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import no_such_module\n", "no_such_module"),
        ("PROBE = 7\n", "banner.Probe"),
        ("x = 1\n", "banner.Probe"),
        ("import banner\nPROBE = banner.Probe('http', talk=print)\n", "another probe named 'http'"),
        ("raise SystemError('broken')\n", "broken"),
    ],
)
def test_what_cannot_be_a_dialogue_is_refused(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(text)
    for name in (tmp_path / "wrong.py", tmp_path):
        _, said = run(
            tmp_path, "-m", "banner", "scan", "127.0.0.1:9", "--probes", str(name), "-o", "-", status=2
        )
        assert "--probes" in said
        assert why in said
        assert "Traceback" not in said


def test_the_examples_rule_tells(installed: Path) -> None:
    told, _ = run(
        installed, "-c", "import banner; print(banner.identify(b'SSH-2.0-CounterSSH_1.2\\r\\n').version)"
    )
    assert told == "1.2\n"


def test_the_examples_format_is_written_and_read(installed: Path, tmp_path: Path) -> None:
    program = """
import banner
grabs = [banner.Grab(1.0, "192.0.2.1", n, banner.Status.BANNER, "192.0.2.1", banner=b"\\xff\\t") for n in (1, 2)]
for name, form in (("scan.tsv", None), ("scan.txt", "tsv")):
    assert banner.write(name, grabs, form=form) == 2
    assert list(banner.read(name)) == grabs
print("well")
"""
    (tmp_path / "program.py").write_text(f"import os; os.chdir({str(tmp_path)!r})\n{program}")
    assert run(installed, str(tmp_path / "program.py"))[0] == "well\n"
    run(installed, "-m", "banner", "convert", str(tmp_path / "scan.tsv"), str(tmp_path / "scan.csv"))
    run(installed, "-m", "banner", "convert", str(tmp_path / "scan.csv"), str(tmp_path / "again.tsv"))
    assert (tmp_path / "again.tsv").read_bytes() == (tmp_path / "scan.tsv").read_bytes()


@pytest.mark.parametrize("group", ["banner.probes", "banner.rules", "banner.formats"])
@pytest.mark.parametrize("value", ["no_such_module:X", "json:loads", "json"])
def test_what_is_wrong_is_left_out_and_told(group: str, value: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, "wrong", {group: {"wrong": value}})
    program = (
        "import banner, asyncio, contextlib\n"
        "print(banner.identify(b'SSH-2.0-OpenSSH_9.2p1\\r\\n').product)\n"
        "print(asyncio.run(banner.grab('127.0.0.1', 1)).status)\n"
        "with contextlib.suppress(ValueError): banner.write('scan.nothing', [])\n"
    )
    told, said = run(site, "-c", program)
    assert told.split() == ["OpenSSH", "refused"]
    assert "left out" in said
    assert "wrong" in said
