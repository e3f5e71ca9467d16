"""docs/probes.md names every field that a dialogue leaves, with its type, and no other; every probe has its tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from banner import Transport, probes
from banner.dialogue import Probe

from .details import DOCUMENTED, OVER_UDP
from .recordings import everything

UDP = Transport.UDP
every_probe = pytest.mark.parametrize(
    "probe", [*probes.all(), *probes.all(UDP)], ids=lambda probe: f"{probe.transport} {probe.name}"
)


def heading(probe: Probe) -> str:
    """The dialogue's section of docs/probes.md."""
    return probe.name + (OVER_UDP if probe.transport is UDP else "")


def kind(value: Any) -> str:
    """The documentation's word for the type of `value`."""
    if isinstance(value, list):
        assert all(isinstance(item, str) for item in value)
        return "list of strings"
    if isinstance(value, dict):
        assert all(isinstance(name, str) and isinstance(item, int) for name, item in value.items())
        return "integers by name"
    return {str: "string", bool: "boolean", int: "integer"}[type(value)]


@every_probe
def test_every_field_of_a_recording_is_documented(probe: Probe) -> None:
    assert heading(probe) in DOCUMENTED, f"docs/probes.md has no section '## {heading(probe)}'"
    for recording in everything(probe.transport)[probe.name]:
        for field, value in recording.details.items():
            assert DOCUMENTED[heading(probe)].get(field) == kind(value), f"{field} in docs/probes.md"


@every_probe
def test_every_documented_field_is_in_the_source(probe: Probe) -> None:
    above = Path(probes.__file__).parent
    folder = above / "udp" if probe.transport is UDP else above
    sources = [folder / f"{probe.name.replace('-', '_')}.py", *folder.glob("_*.py"), *above.glob("_*.py")]
    text = re.sub(r"[- ]", "_", "\n".join(path.read_text() for path in sources).lower())
    for field in DOCUMENTED[heading(probe)]:
        assert field in text, field


@pytest.mark.parametrize("probe", probes.all(), ids=lambda probe: probe.name)
def test_every_probe_has_a_test_file(probe: Probe) -> None:
    assert (Path(__file__).parent / f"test_{probe.name.replace('-', '_')}.py").exists()


def test_every_section_is_a_probes() -> None:
    assert list(DOCUMENTED) == [heading(probe) for probe in (*probes.all(), *probes.all(UDP))]
