"""Completion as a person meets it: a real shell with the script, and the Tab key on a terminal."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from banner.cli.options import COMMANDS, Parser, build_parser
from banner.formats.registry import FORMATS
from tests.command import BANNER, ENVIRONMENT, PATIENCE, run

PROMPT = "ready> "


def needed(shell: str) -> str:
    """Where `shell` is; the test is skipped without it, but not in CI."""
    found = shutil.which(shell)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"needs the Debian package {shell}")
        pytest.skip(f"needs the Debian package {shell}")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to be in, with a scan's file and the scripts."""
    (tmp_path / "monday.jsonl").touch()
    for shell in ("bash", "zsh", "fish"):
        done = run("completion", shell)
        assert (done.returncode, done.stderr) == (0, b"")
        (tmp_path / f".script.{shell}").write_bytes(done.stdout)
    return tmp_path


class Shell:
    """An interactive shell on a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        path = f"{Path(BANNER).parent}:{ENVIRONMENT['PATH']}"
        self._process = subprocess.Popen(
            ["setsid", "--ctty", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env={**ENVIRONMENT, "PATH": path, "HOME": str(folder), "TERM": "dumb", "PS1": PROMPT},
        )
        os.close(slave)
        self.shown = ""

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def type(self, keys: str, until: str) -> None:
        """Press keys; return once `until` has been shown after that."""
        self.shown = ""
        os.write(self._master, keys.encode())
        deadline = time.monotonic() + PATIENCE
        while until not in self.shown:
            left = deadline - time.monotonic()
            assert left > 0, f"no {until!r} in {self.shown!r}"
            if select.select([self._master], [], [], left)[0]:
                self.shown += os.read(self._master, 65536).decode(errors="replace").replace("\r", "")


CLEAR = "\x15"
"""Ctrl-U: the line is empty again."""


def complete(shell: Shell) -> None:
    """What each shell does alike at the Tab key, where one completion is left."""
    for typed, completed in [
        ("banner sc", "banner scan "),
        ("banner diff --com", "banner diff --common "),
        ("banner scan --mode fu", "banner scan --mode full "),
        ("banner scan --probe post", "banner scan --probe postgresql "),
        ("banner scan --format zg", "banner scan --format zgrab2 "),
        ("banner show mon", "banner show monday.jsonl "),
        ("banner report monday.jsonl -o mon", "monday.jsonl -o monday.jsonl "),
        ("banner rules ch", "banner rules check "),
        ("banner help conf", "banner help config "),
        ("banner show monday.jsonl --sort cert_not_a", "--sort cert_not_after "),
        ("banner scan --only unr", "--only unreachable "),
    ]:
        shell.type(f"{CLEAR}{typed}\t", completed)


def test_bash_completes(folder: Path) -> None:
    with Shell(folder, needed("bash"), "--norc", "--noprofile", "-i") as shell:
        shell.type("bind 'set bell-style none'; source .script.bash; echo so''urced\n", "sourced\n")
        complete(shell)
        shell.type(f"{CLEAR}banner scan --mode \t\t", "listen")


def test_zsh_completes(folder: Path) -> None:
    with Shell(folder, needed("zsh"), "-f", "-i") as shell:
        # As the help says: a file _banner in a folder of fpath.
        (folder / ".zfunc").mkdir()
        (folder / ".script.zsh").rename(folder / ".zfunc" / "_banner")
        loaded = "fpath=($PWD/.zfunc $fpath); autoload -U compinit; compinit -u -D; echo so''urced\n"
        shell.type(loaded, "sourced\n")
        complete(shell)
        shell.type(f"{CLEAR}banner scan --mode \t", "listen")


def fish(folder: Path, typed: str) -> dict[str, str]:
    """What fish offers for a line, with what it says of each."""
    done = subprocess.run(
        [needed("fish"), "--no-config", "-c", f"source .script.fish; complete -C {typed!r}"],
        cwd=folder,
        env={**ENVIRONMENT, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    offered = (line.partition("\t") for line in done.stdout.splitlines())
    return {word: meaning for word, _, meaning in offered}


def test_fish_completes(folder: Path) -> None:
    assert fish(folder, "banner ") == COMMANDS
    assert set(fish(folder, "banner scan --mode ")) == {"listen", "light", "full", "tls"}
    assert set(fish(folder, "banner scan --format ")) == set(FORMATS)
    assert "postgresql" in fish(folder, "banner grab --probe p")
    assert set(fish(folder, "banner show mon")) == {"monday.jsonl"}


def test_fish_knows_every_option(folder: Path) -> None:
    commands = build_parser()._subparsers
    assert commands is not None
    (choices,) = (action.choices for action in commands._group_actions if action.choices)
    assert isinstance(choices, dict)
    for name in ("scan", "grab", "diff"):
        parser = choices[name]
        assert isinstance(parser, Parser)
        parser.fill()
        options = {text for action in parser._actions for text in action.option_strings if text[:2] == "--"}
        assert options <= set(fish(folder, f"banner {name} --"))


def test_an_unknown_shell_is_told() -> None:
    done = run("completion", "tcsh")
    assert done.returncode == 2
    assert b"bash, zsh, fish" in done.stderr.splitlines()[-1]
