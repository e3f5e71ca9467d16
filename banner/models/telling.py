"""A grab's way out of Python and back: text, JSON, plain values, a notebook's table, pydantic's models.

`Telling` is mixed into ``models.Grab``. The record knows grabs and grabs are told as records, so both are imported here
when they are needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..text.safe import safe, safe_lines, where

if TYPE_CHECKING:
    from collections.abc import Iterator, KeysView
    from datetime import datetime

    from . import Grab


class Telling:
    """What a grab says of itself."""

    __slots__ = ()

    @property
    def text(self: Grab) -> str:  # type: ignore[misc]  # mixed in there
        """The greeting for a person: UTF-8 where it is, line by line, all escaped that a terminal could obey."""
        return safe_lines(self.banner)

    @property
    def where(self: Grab) -> str:  # type: ignore[misc]
        """``host:port``, with brackets around IPv6, and ``/udp`` behind it where that was asked."""
        return where(self.host, self.port, self.transport)

    @property
    def datetime(self: Grab) -> datetime:  # type: ignore[misc]
        """``time`` as a datetime in UTC."""
        from datetime import UTC, datetime, timedelta

        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=round(self.time * 1000))

    def to_dict(self: Grab) -> dict[str, Any]:  # type: ignore[misc]
        """The record as plain values, all of which JSON has; what is not applicable is absent."""
        from ..formats.record import to_plain

        return to_plain(self)

    def to_json(self: Grab) -> str:  # type: ignore[misc]
        """The record as one line of JSON, without its end."""
        from ..formats.record import encode

        return encode(self)[:-1].decode()

    @classmethod
    def from_dict(cls, values: object) -> Grab:
        """The grab that `to_dict` made `values` of. Raises `ValueError` where they are no record."""
        from ..formats.record import from_plain

        return from_plain(values)

    @classmethod
    def from_json(cls, line: str | bytes) -> Grab:
        """The grab that a record's line holds. Raises `ValueError` where it is none, whatever it is."""
        from ..formats.record import decode

        return decode(line)

    # `dict(grab)` is its record; so FastAPI and others find it who know nothing of us.

    def keys(self: Grab) -> KeysView[str]:  # type: ignore[misc]
        """The record's fields that are there."""
        return self.to_dict().keys()

    def __iter__(self: Grab) -> Iterator[str]:  # type: ignore[misc]
        """The same: pandas makes a column of each. There is no length, or numpy would take a grab for a row."""
        return iter(self.to_dict())

    def __getitem__(self: Grab, name: str) -> Any:  # type: ignore[misc]
        return self.to_dict()[name]

    def _repr_html_(self: Grab) -> str:  # type: ignore[misc]
        """A notebook's table."""
        from html import escape

        told = {
            "": self.where,
            **self.to_dict(),
            "banner": self.text,
            "time": f"{self.datetime:%Y-%m-%d %H:%M:%S} UTC",
        }
        rows = (
            f"<tr><th>{escape(name)}</th><td><pre>{escape(_shown(value))}</pre></td></tr>"
            for name, value in told.items()
            if value and name not in ("v", "host", "port", "encoding")
        )
        return f"<table>{''.join(rows)}</table>"

    # -- pydantic ------------------------------------------------------------------------------------

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Grabs are taken as they are or as records, and given out as records."""
        return _core_schema()

    @property
    def __pydantic_serializer__(self) -> Any:
        """How pydantic gives out a grab that it meets where it was told of none, under ``Any``."""
        return _serializer()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        """The record's own schema, for OpenAPI."""
        from ..formats.record import plain_schema

        return plain_schema()


@lru_cache(1)
def _core_schema() -> Any:
    from pydantic_core import core_schema

    from . import Grab

    def take(value: object) -> Grab:
        return value if isinstance(value, Grab) else Grab.from_dict(value)

    given = core_schema.plain_serializer_function_ser_schema(
        Grab.to_dict, return_schema=core_schema.dict_schema()
    )
    return core_schema.no_info_plain_validator_function(take, serialization=given)


@lru_cache(1)
def _serializer() -> Any:
    try:
        from pydantic_core import SchemaSerializer
    except ImportError:  # whoever looks through all attributes is not told that something is missing
        raise AttributeError("__pydantic_serializer__") from None
    return SchemaSerializer(_core_schema())


def _shown(value: object) -> str:
    """A value in a table; a greeting's lines stay lines."""
    if isinstance(value, str):
        return "\n".join(map(safe, value.split("\n")))
    if isinstance(value, dict):
        return "\n".join(f"{safe(str(name))}: {_shown(inner)}" for name, inner in value.items())
    return safe(str(value))
