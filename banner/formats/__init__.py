"""The record and its forms: one file for each format that is written and read back.

``record`` is the contract (docs/record.md, ``schema.json``), ``registry`` knows the formats by their names,
``reader`` by their content. Nothing here knows how a grab came about.
"""

__all__ = [
    "columns",
    "destinations",
    "exchange",
    "files",
    "filters",
    "foreign",
    "identify_records",
    "jsonl",
    "naming",
    "ordering",
    "parquet",
    "reader",
    "record",
    "registry",
    "sqlite",
    "sqlite_rows",
    "terminal",
    "zgrab2",
]
