"""The JSON Schema that ships with the package says what the code writes, no more and no less."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from importlib import resources
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import (
    Certificate,
    End,
    Grab,
    Issued,
    Service,
    Status,
    Target,
    Timings,
    Tls,
    Transport,
    scan,
    testing,
)
from banner.formats.record import Line, encode
from tests.probes import details
from tests.probes.recordings import everything

SCHEMA = json.loads((resources.files("banner") / "formats/schema.json").read_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA)
ALWAYS = ["v", "time", "host", "port", "status"]


def cleaned(node: Any) -> Any:
    """msgspec's schema without what is true of the class and not of its JSON: nulls, defaults, docstrings."""
    if isinstance(node, list):
        return [cleaned(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: cleaned(value) for key, value in node.items() if key not in ("default", "description")}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    return choices[0] if len(choices) == 1 else kept


def test_it_agrees_with_the_records_types() -> None:
    defined = cleaned(msgspec.json.schema(Line)["$defs"])
    line = defined.pop("Line")
    assert list(SCHEMA["properties"]) == list(line["properties"]) == list(Line.__struct_fields__)
    for name, kind in line["properties"].items():
        stated = {key: value for key, value in SCHEMA["properties"][name].items() if key != "description"}
        assert stated == {"v": {"const": 1}, "time": {"type": "string", "format": "date-time"}}.get(
            name, kind
        ), name
    assert {name: cleaned(node) for name, node in SCHEMA["$defs"].items()} == defined
    assert SCHEMA["required"] == ALWAYS


def test_it_is_a_schema_and_every_field_is_described() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert all(field["description"] for field in SCHEMA["properties"].values())


FULL = Grab(
    1700000000.123,
    "mail.example",
    25,
    Status.BANNER,
    ip="192.0.2.7",
    tag="dmz",
    end=End.COMPLETE,
    banner=b"220 \xff\r\n",
    probe="smtp",
    connections=1,
    said=("tls", "smtp"),
    sent=517,
    received=1400,
    service=Service("smtp", "V", "P", "1", "Debian", "router", "i", ("cpe:2.3:a:*",), 0.9, "smtp/p"),
    tls=Tls(
        "TLSv1.3",
        "X",
        "h2",
        Certificate(
            "00",
            "s",
            ("n",),
            "i",
            "2000",
            "3000",
            False,
            True,
            "rsa",
            1024,
            "sha1",
            "01",
            "02",
            True,
            (Issued("00", "s", "i", "2000", "3000"),),
        ),
        "smtp",
        True,
        "e",
    ),
    timings=Timings(0.1, 0.2, 0.3, 0.4, 0.5),
    details={"extensions": ["STARTTLS"]},
    error="why",
    transport=Transport.UDP,
)


def test_it_lies_where_the_page_of_the_record_says() -> None:
    page = (details.ROOT / "docs" / "record.md").read_text()
    (path,) = re.findall(r'resources.files\("banner"\) / "([^"]+)"', page)
    assert json.loads((resources.files("banner") / path).read_text()) == SCHEMA
    assert json.loads(details.SCHEMA.read_text()) == SCHEMA


def test_the_fullest_record_is_valid() -> None:
    record = json.loads(encode(FULL))
    CHECK.validate(record)
    assert set(record) == set(SCHEMA["properties"])


@given(st.sampled_from(Status), st.binary(max_size=50), st.integers(1, 65535), st.text(max_size=9))
def test_any_record_is_valid(status: Status, data: bytes, port: int, text: str) -> None:
    CHECK.validate(json.loads(encode(Grab(1.0, text, port, status, banner=data, error=text or None))))


async def visited(targets: list[Target]) -> AsyncIterator[Grab]:
    async with scan(targets) as results:
        async for grab in results:
            yield grab


async def test_what_a_scan_writes_is_valid() -> None:
    async with testing.greeter(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n") as ssh, testing.refuser() as refuser:
        targets = [Target(ssh.host, ssh.port), Target(refuser.host, refuser.port)]
        found = [json.loads(encode(grab)) async for grab in visited(targets)]
    for record in found:
        CHECK.validate(record)
    assert len(found) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"v": 2}, {"port": 70000}, {"status": "perhaps"}, {"end": None}, {"encoding": "hex"}, {"details": []}],
    ids=str,
)
def test_what_is_no_record_is_not_valid(wrong: dict[str, Any]) -> None:
    record = {**json.loads(encode(FULL)), **wrong}
    assert not CHECK.is_valid(record)
    missing = json.loads(encode(FULL))
    del missing["status"]
    assert not CHECK.is_valid(missing)


def test_the_details_are_typed_as_they_are_documented() -> None:
    assert SCHEMA["allOf"] == details.rules(), "run python -m tests.probes.details"


def told(probe: str, learned: dict[str, Any], transport: Transport = Transport.TCP) -> dict[str, Any]:
    """The record of a dialogue that left these details."""
    line = encode(
        Grab(0, "h", 1, Status.BANNER, probe=probe, connections=1, details=learned, transport=transport)
    )
    record: dict[str, Any] = json.loads(line)
    return record


@pytest.mark.parametrize("heading", sorted(details.DOCUMENTED))
def test_the_details_of_recordings_hold_and_others_do_not(heading: str) -> None:
    probe, transport = details.dialogue(heading)
    for recording in everything(transport)[probe]:
        CHECK.validate(told(probe, recording.details, transport))
        for field in recording.details:
            damaged = recording.details | {field: {"not": "this"}}
            assert not CHECK.is_valid(told(probe, damaged, transport)), field
            assert CHECK.is_valid(told("listen", damaged, transport))
