"""The facts that are kept are those of the files, whatever became of these or of the cache meanwhile."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from banner import Transport
from banner.dialogue import Probe
from banner.probes import _facts
from banner.recognition import cache

Read = list[Transport]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """A cache of its own, for files of long ago; which facts were read anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_UNSETTLED", -1e9)
    monkeypatch.setattr(_facts, "HERE", str(tmp_path))  # nothing is shipped there
    really, read = _facts._read, []

    def reading(transport: Transport) -> list[_facts.Row]:
        read.append(transport)
        return really(transport)

    monkeypatch.setattr(_facts, "_read", reading)
    return read


def real(transport: Transport) -> list[Probe]:
    """The dialogues themselves, by name."""
    names = _facts._modules(_facts.FOLDERS[transport is Transport.UDP])
    package = "banner.probes.udp" if transport is Transport.UDP else "banner.probes"
    found: list[Probe] = [import_module(f"{package}.{name}").PROBE for name in names]
    return sorted(found, key=lambda probe: probe.name)


@pytest.mark.parametrize("transport", Transport)
def test_kept_facts_are_those_of_the_dialogues(transport: Transport, read: Read) -> None:
    first, second = _facts.probes(transport), _facts.probes(transport)
    assert read == [transport]
    assert first == second == real(transport)
    assert list(map(hash, second)) == list(map(hash, real(transport)))
    for kept, probe in zip(second, real(transport), strict=True):
        assert all(
            type(getattr(kept, name)) is type(getattr(probe, name))
            for name in set(probe.__struct_fields__) - {"talk"}
        )


def test_a_dialogue_that_differs_is_another(read: Read) -> None:
    smtp, ssh = (probe for probe in _facts.probes(Transport.TCP) if probe.name in ("ssh", "smtp"))
    assert smtp.talk != ssh.talk


def test_whatever_changed_is_read_again(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    further = tmp_path / "further"
    further.mkdir()
    monkeypatch.setattr(_facts, "FOLDERS", (*_facts.FOLDERS, str(further)))
    for content in (None, "A = 1", "A = 12"):
        if content:
            (further / "new.py").write_text(content)
        for _ in range(2):
            _facts.probes(Transport.TCP)
    assert len(read) == 3


def test_what_changed_a_moment_ago_is_not_kept(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_UNSETTLED", 1e12)
    for _ in range(2):
        _facts.probes(Transport.TCP)
    assert len(read) == 2


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\0" * 4000])
def test_a_damaged_entry_is_as_if_it_were_not_there(damage: bytes, tmp_path: Path, read: Read) -> None:
    _facts.probes(Transport.TCP)
    (entry,) = (tmp_path / "cache/banner").glob("probes-tcp-*")
    entry.write_bytes(damage)
    assert _facts.probes(Transport.TCP) == real(Transport.TCP)
    assert len(read) == 2


@pytest.mark.parametrize("transport", Transport)
def test_what_a_wheel_has_is_used_while_the_files_are_those_it_was_made_of(
    transport: Transport, tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(_facts.shipped_at(transport)).write_bytes(_facts.to_ship(transport))
    read.clear()
    assert _facts.probes(transport) == real(transport)
    assert not read
    assert not (tmp_path / "cache").exists()
    (tmp_path / "more.py").write_text("")
    monkeypatch.setattr(_facts, "FOLDERS", (*_facts.FOLDERS, str(tmp_path)))
    assert _facts.probes(transport) == real(transport)
    assert read == [transport]


def test_a_plan_imports_no_dialogue_and_a_visit_those_that_it_holds() -> None:
    script = """
import sys
from banner import probes
from banner.models import Settings
from banner.plan.planner import planner
probes.all()  # may fill the cache
loaded = [name for name in sys.modules if name.startswith("banner.probes.")]
for name in loaded:
    del sys.modules[name]
probes._by_name.cache_clear()
probes._known.cache_clear()
planner(Settings())
print(sorted(name for name in sys.modules if name.startswith("banner.probes.") and "._" not in name))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
