"""Modules of packages are found in one listing where the library's own finder finds them, and nowhere else."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder
from pathlib import Path

import pytest

from banner.cli import finder


def told(spec: ModuleSpec | None) -> object:
    """What a module gets of its spec."""
    if spec is None:
        return None
    return (
        spec.name,
        spec.origin,
        spec.cached,
        spec.parent,
        spec.has_location,
        spec.submodule_search_locations,
        type(spec.loader),
        vars(spec.loader) if spec.loader else None,
    )


@pytest.mark.parametrize(
    "package", ["asyncio", "banner.cli", "banner.recognition", "concurrent.futures", "msgspec"]
)
def test_it_finds_what_the_library_finds(package: str) -> None:
    path = importlib.import_module(package).__path__
    ours, found = finder._OneListing(), 0
    for module in pkgutil.iter_modules(path):
        name = f"{package}.{module.name}"
        spec = ours.find_spec(name, path)
        if spec is not None:
            assert told(spec) == told(PathFinder.find_spec(name, path))
            found += 1
        else:
            assert module.ispkg or not PathFinder.find_spec(name, path).origin.endswith(".py")  # type: ignore[union-attr]
    assert found > 2


def test_it_leaves_what_is_not_plain_to_the_library(tmp_path: Path) -> None:
    for name in (
        "plain.py",
        "both.py",
        f"both{EXTENSION_SUFFIXES[0]}",
        "bare.pyc",
        "package.py",
        "text.txt",
        "plain.pyi",
    ):
        (tmp_path / name).touch()
    (tmp_path / "package").mkdir()
    ours = finder._OneListing()
    for name in ("both", "bare", "package", "nothing"):
        assert ours.find_spec(f"around.{name}", [str(tmp_path)]) is None
    assert ours.find_spec("around.plain", [str(tmp_path)]) is not None
    assert ours.find_spec("plain", None) is None
    assert ours.find_spec("around.plain", [str(tmp_path), str(tmp_path)]) is None
    assert ours.find_spec("around.plain", [f"{tmp_path}/archive.zip"]) is None


def test_what_comes_later_is_found_once_caches_are_dropped(tmp_path: Path) -> None:
    ours = finder._OneListing()
    assert ours.find_spec("around.late", [str(tmp_path)]) is None
    (tmp_path / "late.py").touch()
    ours.invalidate_caches()
    assert ours.find_spec("around.late", [str(tmp_path)]) is not None


def test_it_is_asked_once_before_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [PathFinder])
    finder.install()
    finder.install()
    assert [type(one) for one in sys.meta_path] == [finder._OneListing, type]
