"""The house's floors: imports run downwards only, and pure modules touch neither network nor clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "banner"

# From the ground up; a module may import from floors below its own, and within a floor only what is listed.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("models", "ciphers", "der", "flight", "oids"),
    ("lines", "ports", "addresses", "compression", "markup"),
    (
        "certificate",
        "dialogue",
        "identify",
        "recognition",
        "targets",
        "order",
        "listing",
        "pacing",
        "backoff",
        "policy",
        "record",
        "ledger",
    ),
    ("identify_records", "columns", "neighbours", "job"),
    ("hello", "tls", "filters"),
    ("probes",),
    ("address", "failures", "files", "terminal"),
    ("reactions", "transport", "resolver", "inputs"),
    ("steps", "hellos", "reading"),
    ("plan", "conversation"),
    ("route", "lasting", "peace"),
    ("feed", "outbox"),
    ("findings", "link"),
    ("visit",),
    ("flights",),
    ("handover",),
    ("courses",),
    ("dialogues",),
    ("grabber", "sweep", "streams"),
    ("scanner", "sinks", "journal", "testing"),
    ("dealing",),
    ("shards",),
    ("cut", "noise"),
    ("cluster", "workers", "report"),
    ("options",),
    ("commands", "demo"),
    ("cli",),
    ("__main__", "__init__"),
)
SAME_FLOOR = {
    ("flight", "ciphers"),
    ("oids", "der"),
    ("tls", "hello"),
    ("link", "findings"),
    ("demo", "commands"),
    ("sinks", "journal"),
    ("addresses", "lines"),
    ("listing", "order"),
    ("listing", "targets"),
    ("order", "targets"),
    ("ports", "lines"),
    ("identify", "recognition"),
}
PURE = {"models", "dialogue", "identify", "targets", "order", "pacing", "record", "probes", "plan"}
PURE |= {"reactions", "steps", "hellos", "reading"}
PURE |= {"identify_records", "columns", "compression", "markup", "neighbours", "filters"}
PURE |= {"certificate", "ciphers", "der", "flight", "hello", "oids"}
PURE |= {"ledger", "lines", "ports", "addresses", "policy", "backoff", "listing"}
IMPURE_MODULES = {
    "asyncio",
    "socket",
    "ssl",
    "time",
    "os",
    "random",
    "select",
    "selectors",
    "subprocess",
    "threading",
}


def module_of(path: Path) -> str:
    """The room that a file belongs to: its name, or its folder's."""
    relative = path.relative_to(HOUSE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports_of(path: Path) -> set[str]:
    """Absolute names of every import in a file, wherever it stands."""
    package = ["banner", *path.relative_to(HOUSE).parts[:-1]]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (base, node.module or "") if part)
            names.update(f"{origin}.{alias.name}" for alias in node.names)
            names.add(origin)
    return names


FILES = sorted(HOUSE.rglob("*.py"))
FLOOR_OF = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_run_downwards(path: Path) -> None:
    room = module_of(path)
    assert room in FLOOR_OF, f"{room} has no floor: add it to the table"
    if room in ("__init__", "__main__"):
        return
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "banner" or len(parts) < 2 or parts[1] not in FLOOR_OF or parts[1] == room:
            continue
        below = FLOOR_OF[parts[1]] < FLOOR_OF[room]
        assert below or (room, parts[1]) in SAME_FLOOR, f"{room} imports {parts[1]}, which stands above it"


@pytest.mark.parametrize(
    "path", [p for p in FILES if module_of(p) in PURE], ids=lambda p: str(p.relative_to(HOUSE))
)
def test_the_core_does_no_io(path: Path) -> None:
    touched = {name.split(".")[0] for name in imports_of(path)} & IMPURE_MODULES
    assert not touched, f"{path.name} is pure and imports {touched}"


def test_probes_never_import_each_other() -> None:
    for path in (HOUSE / "probes").glob("*.py"):
        if path.stem != "__init__":
            others = {
                n
                for n in imports_of(path)
                if n.startswith("banner.probes.") and not n.split(".")[2].startswith("_")
            }
            assert not others, f"{path.name} imports {others}"
