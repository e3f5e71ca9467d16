"""The house: imports run downwards only, through doors, and the pure rooms touch no network and no clock.

A room is a folder of ``banner/``. Its door is its ``__init__.py``: what ``__all__`` names there, files or names,
is what other rooms may take.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "banner"

# From the ground up: a room imports from those before it.
FLOORS = (
    "text", "addresses", "models", "dialogue", "recognition", "tls", "probes", "plan", "formats", "inputs",
    "visit", "sweep", "journal", "fleet", "report", "testing", "cli", "__init__", "__main__",
)  # fmt: skip
BELOW_MODELS = {"text", "addresses"}
PURE = {"text", "addresses", "models", "dialogue", "recognition", "tls", "probes", "plan", "inputs"}
IMPURE = {
    "asyncio",
    "os",
    "random",
    "select",
    "selectors",
    "socket",
    "ssl",
    "subprocess",
    "threading",
    "time",
}
OF_THE_SYSTEM = {
    "addresses/socket_address.py": "an address as the socket calls take it",
    "recognition/cache.py": "tables kept from run to run",
    "recognition/table.py": "tables kept from run to run",
    "inputs/former.py": "databases of former scans",
    "inputs/words.py": "which texts name files",
    "inputs/files.py": "files and pipes of targets",
    "inputs/route.py": "a list of targets that is read again where a scan goes on",
    "inputs/selection.py": "files and pipes of targets, and a seed by chance",
    "probes/_facts.py": "facts kept from run to run",
    "text/files.py": "how systems open files",
    "text/plugged.py": "what other packages add",
    "tls/contexts.py": "OpenSSL's, for the sessions",
    "tls/session.py": "OpenSSL, over two buffers in memory",
}
"""The files of pure rooms that are not, each with its reason."""
UPWARDS = {
    ("models", "formats"): "a grab says itself as a record, once it is asked to",
    ("models", "inputs"): "a target is parsed as a line of a list is",
}
"""Imports upwards, inside of functions, each with its reason."""


def imported(source: str, path: Path) -> Iterator[tuple[str, str | None]]:
    """Every import of a file, wherever it stands: a module's absolute name, and what is taken from it."""
    package = ["banner", *path.relative_to(HOUSE).parts[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def door(room: str) -> list[str]:
    """What other rooms may take of `room`."""
    return list(getattr(import_module(f"banner.{room}"), "__all__", ()))


def faults(source: str, path: Path) -> Iterator[str]:
    """What a file of the house imports and should not."""
    where = path.relative_to(HOUSE)
    room = where.parts[0].removesuffix(".py")
    for module, name in imported(source, path):
        first, _, rest = module.partition(".")
        if first in IMPURE and room in PURE and where.as_posix() not in OF_THE_SYSTEM:
            yield f"{room} is pure, and imports {first}"
        if first != "banner":
            continue
        other, _, inner = rest.partition(".")
        if not other and name in FLOORS:
            other, name = name, None
        if not other or other == room or (other == "models" and room not in BELOW_MODELS):
            continue
        if FLOORS.index(other) >= FLOORS.index(room) and (room, other) not in UPWARDS:
            yield f"{room} imports {other}, which stands above it"
        taken = inner.partition(".")[0] or name
        if taken is not None and room not in ("__init__", "__main__") and taken not in door(other):
            yield f"{room} takes {taken} past the door of {other}"


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda p: p.relative_to(HOUSE).as_posix())
def test_imports_run_downwards_through_doors(path: Path) -> None:
    assert list(faults(path.read_text(), path)) == []


@pytest.mark.parametrize(
    ("file", "source", "fault"),
    [
        ("plan/planner.py", "from ..visit.link import Link", "plan imports visit, which stands above it"),
        ("text/lines.py", "def f():\n    from banner import cli", "text imports cli, which stands above it"),
        ("sweep/driver.py", "from ..tls.der import Reader", "sweep takes der past the door of tls"),
        ("report/overview.py", "import banner.tls.der", "report takes der past the door of tls"),
        ("probes/ssh.py", "import asyncio", "probes is pure, and imports asyncio"),
        ("dialogue/wire.py", "from time import monotonic", "dialogue is pure, and imports time"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_found(file: str, source: str, fault: str) -> None:
    assert list(faults(source, HOUSE / file)) == [fault]


@pytest.mark.parametrize("room", [room for room in FLOORS if (HOUSE / room).is_dir()])
def test_a_door_says_what_its_room_owns(room: str) -> None:
    module = import_module(f"banner.{room}")
    assert len((module.__doc__ or "").split()) > 15, "a few lines of prose"
    for name in door(room):
        assert (
            hasattr(module, name) or (HOUSE / room / f"{name}.py").exists() or (HOUSE / room / name).is_dir()
        ), name


def test_no_exception_is_left_over() -> None:
    for name in OF_THE_SYSTEM:
        path = HOUSE / name
        assert {module.partition(".")[0] for module, _ in imported(path.read_text(), path)} & IMPURE, name


def test_every_room_has_a_floor() -> None:
    rooms = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms == set(FLOORS)


def test_probes_never_import_each_other() -> None:
    for path in (HOUSE / "probes").glob("[a-z]*.py"):
        modules = {f"{module}.{name}" for module, name in imported(path.read_text(), path)}
        others = {
            m for m in modules if m.startswith("banner.probes.") and not m.split(".")[2].startswith("_")
        }
        assert not others, f"{path.name} imports {others}"


MOST_LINES = 300


def long_files(root: Path) -> list[str]:
    """The files of code and of tests, those of the page among them, that nobody reads in one go."""
    return [
        path.relative_to(root).as_posix()
        for folder in ("banner", "tests")
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in {".py", ".c", ".sh", ".js", ".css", ".html"}
        and len(path.read_text("utf-8").splitlines()) > MOST_LINES
    ]


def test_no_file_is_too_long() -> None:
    assert not long_files(HOUSE.parent)


def test_a_long_file_is_found_wherever_it_stands(tmp_path: Path) -> None:
    for name, lines in (
        ("banner/sweep/driver.py", 301),
        ("tests/cli/test_scan.py", 301),
        ("tests/ok.py", 300),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("pass\n" * lines)
    assert long_files(tmp_path) == ["banner/sweep/driver.py", "tests/cli/test_scan.py"]


SCREEN = 40


def long_functions(source: str) -> list[str]:
    """The functions whose bodies, the docstring aside, do not fit on a screen."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - _begins(node) >= SCREEN
    ]


def _begins(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    told = ast.get_docstring(node) is not None and len(node.body) > 1
    return node.body[told].lineno


def test_every_function_fits_on_a_screen() -> None:
    found = {
        path.relative_to(HOUSE).as_posix(): long_functions(path.read_text()) for path in HOUSE.rglob("*.py")
    }
    assert not {path: names for path, names in found.items() if names}


def test_a_long_function_is_found() -> None:
    body = "\n    pass" * SCREEN
    assert long_functions(f"def f():{body}") == []
    assert long_functions(f'async def f():\n    """What it does.\n\n    Why."""{body}') == []
    assert long_functions(f"class C:\n  def f(self):{body}\n    pass") == ["f"]
