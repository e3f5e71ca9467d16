"""The manual page: every command and option is in it, and man(1) takes it without a complaint."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from banner.cli.man import page
from banner.cli.options import COMMANDS, build_parser

PAGE = page("1.2.3")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_in_it(command: str) -> None:
    plain = PAGE.replace("\\-", "-")
    assert f".SS banner {command}\n" in plain
    for action in build_parser().command_parser(command)._actions:
        for name in action.option_strings:
            assert f"\\fB{name}\\fR" in plain


def test_no_line_of_ours_is_a_command_of_troff() -> None:
    for line in PAGE.splitlines():
        assert not line.startswith("'")
        if line.startswith("."):
            assert line.split()[0] in {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".nf", ".fi"}


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs the Debian package groff")
def test_groff_has_no_complaint() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-K", "utf8"],
        input=PAGE.encode(),
        capture_output=True,
        timeout=120,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "EXIT STATUS" in re.sub(".\x08|\x1b\\[[0-9;]*m", "", done.stdout.decode())
