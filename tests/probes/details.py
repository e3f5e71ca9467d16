"""The fields of every dialogue's `details`, read from docs/probes.md, and their part of the JSON Schema.

``python -m tests.probes.details`` writes that part into banner/formats/schema.json anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "banner" / "formats" / "schema.json"
SECTIONS = re.split(r"^## ", (ROOT / "docs" / "probes.md").read_text(), flags=re.MULTILINE)[1:]
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
            "if": {"properties": {"probe": {"const": name}}, "required": ["probe"]},
            "then": {
                "properties": {
                    "details": {"properties": {field: TYPES[kind] for field, kind in fields.items()}}
                }
            },
        }
        for name, fields in DOCUMENTED.items()
        if fields
    ]


def main() -> None:
    """Write the rules into the schema."""
    schema = json.loads(SCHEMA.read_text())
    definitions = schema.pop("$defs")
    schema |= {"allOf": rules(), "$defs": definitions}
    SCHEMA.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
