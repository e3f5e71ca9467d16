"""Type checkers need infer nothing: all that pyright counts as public says its type, rooms and all."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import PATIENCE
from tests.documents import ROOT


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


def inferred(source: str) -> Iterator[str]:
    """The public fields and names of a module that a type checker would have to infer."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            # What is written in capitals is a constant, and an alias or a NewType is told by its value.
            yield from (one.id for one in node.targets if isinstance(one, ast.Name) and lower(one.id))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (f"{node.name}.{field}" for field in fields(node))


def lower(name: str) -> bool:
    return name.islower() and not name.startswith("_")


def fields(node: ast.ClassDef) -> Iterator[str]:
    """Those that a class sets and does not annotate, unless it is to a constant, or a parameter as it was given."""
    annotated = {ast.unparse(one.target) for one in ast.walk(node) if isinstance(one, ast.AnnAssign)}
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            given = {one.arg for one in (*method.args.args, *method.args.kwonlyargs)}
            for one in (part for part in ast.walk(method) if isinstance(part, ast.Assign)):
                told = isinstance(one.value, ast.Constant) or ast.unparse(one.value) in given
                for target in (part for name in one.targets for part in getattr(name, "elts", [name])):
                    _, _, name = ast.unparse(target).partition("self.")
                    if lower(name) and not told and not {name, f"self.{name}"} & annotated:
                        yield name


def test_no_field_is_left_to_be_inferred() -> None:
    """The same without pyright, as far as it is seen at a glance."""
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "banner").rglob("*.py"))
        if not path.stem.startswith("_") or path.stem == "__init__"
        for name in inferred(path.read_text())
    ]
    assert not wrong


@pytest.mark.parametrize(
    "source",
    [
        "log = getLogger()",
        "class A:\n    def __init__(self, b: int) -> None:\n        self.b = b + 1",
        "class A:\n    def __init__(self, b: int) -> None:\n        self.b = self._c = b + 1",
        "class A:\n    def __init__(self, b: int) -> None:\n        self.b, theirs = pair()",
    ],
)
def test_what_is_left_out_is_seen(source: str) -> None:
    assert list(inferred(source))


@pytest.mark.parametrize(
    "source",
    [
        "log: Logger = getLogger()",
        "_log = getLogger()",
        "class A:\n    b: int\n    def __init__(self, b: int) -> None:\n        self.b = b + 1",
        "class A:\n    def __init__(self, b: int) -> None:\n        self.b = b\n        self.c: int = 0",
    ],
)
def test_what_is_said_is_enough(source: str) -> None:
    assert not list(inferred(source))
