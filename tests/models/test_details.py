"""The types of `details` are those of the schema, and type checkers know them."""

from __future__ import annotations

import json
from typing import cast, get_type_hints

import banner
import banner.testing
from tests.probes import details


def test_they_are_written_from_the_documents_table() -> None:
    stands = {path.name: path.read_text() for path in details.PACKAGE.glob("*.py")}
    assert stands == details.package(), "run python -m tests.probes.details"


def test_each_dialogue_is_of_one_family() -> None:
    names = " ".join(details.FAMILIES.values()).split()
    told = {details.dialogue(heading)[0] for heading, fields in details.DOCUMENTED.items() if fields}
    assert sorted(names) == sorted(told)


def test_they_have_the_fields_of_the_schema() -> None:
    rules = json.loads(details.SCHEMA.read_text())["allOf"]
    classes = [details.class_name(heading) for heading, fields in details.DOCUMENTED.items() if fields]
    assert len(rules) == len(classes) > 50
    for rule, name in zip(rules, classes, strict=True):
        fields = rule["then"]["properties"]["details"]["properties"]
        assert get_type_hints(getattr(banner.details, name)).keys() == fields.keys()


async def test_they_type_what_a_grab_tells() -> None:
    async with banner.testing.greeter(b"SSH-2.0-OpenSSH_9.6 here\r\n") as server:
        told = await banner.grab(server.host, server.port)
    found = cast(banner.details.SshDetails, told.details)
    comments: str = found["comments"]
    assert comments == "here"
