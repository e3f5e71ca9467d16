"""The fields of every dialogue's `details`, read from docs/probes.md: their part of the JSON Schema, and their types.

``python -m tests.probes.details`` writes that part into banner/formats/schema.json anew, and banner/models/details.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from banner import Transport

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "banner" / "formats" / "schema.json"
MODULE = ROOT / "banner" / "models" / "details.py"
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
PYTHON = {
    "string": "str",
    "boolean": "bool",
    "integer": "int",
    "integers by name": "dict[str, int]",
    "list of strings": "list[str]",
}
"""The same in Python."""


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


def class_name(heading: str) -> str:
    """How the type of a section's details is called: ``SshDetails``, ``SnmpV2cUdpDetails``."""
    name, transport = dialogue(heading)
    return (
        "".join(map(str.capitalize, name.split("-")))
        + ("Udp" if transport is Transport.UDP else "")
        + "Details"
    )


def module() -> str:
    """The types as a module."""
    classes = []
    for heading, fields in DOCUMENTED.items():
        if fields:
            name, transport = dialogue(heading)
            lines = [f"class {class_name(heading)}(TypedDict, total=False):"]
            lines.append(f'    """`{name}`{"" if transport is Transport.TCP else OVER_UDP}."""')
            lines.append("")
            lines += [f"    {field}: {PYTHON[kind]}" for field, kind in fields.items()]
            classes.append("\n".join(lines) + "\n")
    head = '''\
"""What ``details`` hold, by the dialogue that ``probe`` names: written from docs/probes.md, as the schema is.

For type checkers: ``cast(details.SshDetails, grab.details)``. Every field may be absent. Over UDP there are besides
``datagrams``, ``amplification``, ``from_port`` and ``from_elsewhere``.
"""

from __future__ import annotations

from typing import TypedDict
'''
    return "\n\n".join([head, *classes])


def main() -> None:
    """Write the rules into the schema, and the types."""
    MODULE.write_text(module())
    schema = json.loads(SCHEMA.read_text())
    definitions = schema.pop("$defs")
    schema |= {"allOf": rules(), "$defs": definitions}
    SCHEMA.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
