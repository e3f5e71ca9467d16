"""The image is built from what the Containerfile copies, and what runs there has no privileges."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILDING, RUNNING = re.split(r"(?m)^FROM .*$", (ROOT / "Containerfile").read_text())[1:]


def test_what_is_copied_is_what_the_build_reads() -> None:
    copied = {word for line in re.findall(r"(?m)^COPY (.*)$", BUILDING) for word in line.split()[:-1]}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project, hooks = settings["project"], settings["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]
    hook = {"hatch_build.py"} if "custom" in hooks else set()
    assert copied == {"pyproject.toml", "banner", project["readme"], *project["license-files"], *hook}


def test_nobody_is_root_there() -> None:
    user = re.findall(r"(?m)^USER (.*)$", RUNNING)
    assert user not in ([], ["root"], ["0"])
    assert RUNNING.index("USER") < RUNNING.index("ENTRYPOINT")
