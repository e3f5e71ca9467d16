"""What a kept table was made of, and by which code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from banner.recognition import table
from tests.command import PATIENCE


def test_a_table_of_code_that_was_exchanged_meanwhile_is_none_of_the_new_one(tmp_path: Path) -> None:
    """Who runs on while its files are exchanged writes what the new code might not read."""
    code = tmp_path / "code"
    shutil.copytree(
        Path(table.__file__).parents[1], code / "banner", ignore=shutil.ignore_patterns("__pycache__")
    )
    program = (
        "import pathlib, sys\nfrom banner.recognition import table\n"
        f"file = pathlib.Path({str(code)!r}, 'banner', 'recognition', 'collections', 'recog.py')\n"
        "before = table.stamp_of('recog', [])\n"
        "file.write_text(file.read_text() + '# another\\n')\n"
        "assert table.stamp_of('recog', []) == before\n"
        "print(before)"
    )
    environment = os.environ | {"PYTHONPATH": str(code)}
    first, second = (
        subprocess.run(
            [sys.executable, "-P", "-c", program],
            env=environment,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        ).stdout
        for _ in range(2)
    )
    assert first != second
