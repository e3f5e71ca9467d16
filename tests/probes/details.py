"""The fields of every dialogue's `details`, read from docs/probes.md, and their part of the JSON Schema.

``python -m tests.probes.details`` writes that part into banner/formats/schema.json anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from banner import Transport

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "banner" / "formats" / "schema.json"
SECTIONS = re.split(r"^## ", (ROOT / "docs" / "probes.md").read_text(), flags=re.MULTILINE)[1:]
OVER_UDP = " over UDP"
"""Ends the heading of a dialogue over UDP."""
ROW = re.compile(r"^\| `([a-z][a-z0-9_]*)` \| ([a-z ]+) \| (.*)\|$", re.MULTILINE)
DOCUMENTED = {part.partition("\n")[0]: {row[1]: row[2] for row in ROW.finditer(part)} for part in SECTIONS}
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "integers by name": {"type": "object", "additionalProperties": {"type": "integer"}},
    "list of strings": {"type": "array", "items": {"type": "string"}},
}
"""The documentation's words for types, and the schema's."""


def rules() -> list[dict[str, Any]]:
    """For each dialogue that leaves details: where it recognised the service, these are their types."""
    return [
        {
            "if": _spoken(name),
            "then": {
                "properties": {
                    "details": {"properties": {field: TYPES[kind] for field, kind in fields.items()}}
                }
            },
        }
        for name, fields in DOCUMENTED.items()
        if fields
    ]


def dialogue(heading: str) -> tuple[str, Transport]:
    """The name of a section's dialogue, and what carries it."""
    name = heading.removesuffix(OVER_UDP)
    return name, Transport.TCP if name == heading else Transport.UDP


def _spoken(heading: str) -> dict[str, Any]:
    """The schema of a record whose service that dialogue recognised; TCP's are those without a transport."""
    name, transport = dialogue(heading)
    if transport is Transport.TCP:
        return {
            "properties": {"probe": {"const": name}, "transport": {"const": "tcp"}},
            "required": ["probe"],
        }
    said = {"probe": {"const": name}, "transport": {"const": "udp"}}
    return {"properties": said, "required": ["probe", "transport"]}


def main() -> None:
    """Write the rules into the schema."""
    schema = json.loads(SCHEMA.read_text())
    definitions = schema.pop("$defs")
    schema |= {"allOf": rules(), "$defs": definitions}
    SCHEMA.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
