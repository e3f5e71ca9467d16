"""Type checkers need infer nothing: all that pyright counts as public says its type, rooms and all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import PATIENCE


@pytest.mark.skipif(shutil.which("pyright") is None, reason="pip install pyright")
def test_pyright_has_a_type_for_every_name(tmp_path: Path) -> None:
    python = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["pyright", "--verifytypes", "banner", "--ignoreexternal", "--outputjson"],
        env={**os.environ, "PATH": python + os.pathsep + os.environ["PATH"]},
        capture_output=True,
        cwd=tmp_path,
        timeout=PATIENCE,
        check=False,
    )
    told = json.loads(done.stdout)["typeCompleteness"]
    assert told["exportedSymbolCounts"]["withKnownType"] > 5000, "it has found the package"
    wrong = [
        f"{symbol['name']}: {said['message']}"
        for symbol in told["symbols"]
        for said in symbol["diagnostics"]
        if said["severity"] == "error"
    ]
    assert not wrong
    assert told["completenessScore"] == 1
