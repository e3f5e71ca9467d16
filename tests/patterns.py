"""Every regular expression of the package's own code, found in its modules and in its source."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import banner

_CALLS = ("compile", "match", "search", "sub", "fullmatch", "findall", "finditer", "split")


def own_patterns() -> dict[str, tuple[str, int]]:
    """By where it stands: each pattern (bytes as Latin-1) with its flags. One that is only matched, never searched for,
    stands behind an anchor; those made while something runs are left out."""
    found: dict[str, tuple[str, int]] = {}
    for module in pkgutil.walk_packages(banner.__path__, "banner."):
        if module.name.endswith("__main__"):
            continue
        spec = importlib.util.find_spec(module.name)
        if spec is None or spec.origin is None:
            continue
        try:
            values = list(vars(importlib.import_module(module.name)).items())
        except ImportError:  # needs an extra
            values = []
        for name, value in values:
            for pattern in _within(value):
                if _matched_only(name, Path(spec.origin).read_text()):
                    pattern = re.compile(_at_beginning(pattern.pattern), pattern.flags)
                found[f"{module.name}.{name}: {pattern.pattern!r}"] = (
                    _text(pattern.pattern),
                    _flags(pattern),
                )
        for line, pattern in _written(Path(spec.origin)):
            found[f"{module.name}:{line}: {pattern.pattern!r}"] = (_text(pattern.pattern), _flags(pattern))
    return found


def _within(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _within(part)


def _written(path: Path) -> Iterator[tuple[int, re.Pattern[str] | re.Pattern[bytes]]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if node.func.attr not in _CALLS or ast.unparse(node.func.value) != "re":
            continue
        first = node.args[0]
        if (
            node.func.attr != "compile"
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str | bytes)
        ):
            flags = [
                f for f in (*node.args[1:], *(k.value for k in node.keywords)) if "re." in ast.unparse(f)
            ]
            said = eval(ast.unparse(flags[-1]), {"re": re}) if flags else 0
            anchored = node.func.attr in ("match", "fullmatch")
            yield node.lineno, re.compile(_at_beginning(first.value) if anchored else first.value, said)


def _matched_only(name: str, source: str) -> bool:
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
    return (
        bool(used)
        and used <= {"match", "fullmatch"}
        and source.count(name) == len(re.findall(rf"\b{name}\.", source)) + 1
    )


def _at_beginning(pattern: Any) -> Any:
    return rf"\A(?:{pattern})" if isinstance(pattern, str) else rb"\A(?:%b)" % pattern


def _text(pattern: str | bytes) -> str:
    return pattern if isinstance(pattern, str) else pattern.decode("latin-1")


def _flags(pattern: re.Pattern[str] | re.Pattern[bytes]) -> int:
    return pattern.flags if isinstance(pattern.pattern, str) else pattern.flags | re.ASCII
