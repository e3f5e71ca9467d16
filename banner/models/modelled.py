"""The values of this package as fields of pydantic's models, which take them or plain values, and give these."""

from __future__ import annotations

from functools import cache
from typing import Any


class Modelled:
    """Mixed into a struct whose fields are plain values or such structs themselves."""

    __slots__ = ()

    # `dict(value)` are its fields; so FastAPI's encoder and others find them who were told of no type.

    def keys(self) -> tuple[str, ...]:
        """The names of its fields."""
        return self.__struct_fields__  # type: ignore[attr-defined, no-any-return]  # mixed into a struct

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    @property
    def __pydantic_serializer__(self) -> Any:
        """How pydantic gives it out where it meets it under ``Any``."""
        kind: Any = type(self)
        return _serializer(kind)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """For pydantic, and so for FastAPI."""
        return _core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        """Its own schema, for OpenAPI."""
        from msgspec.json import schema as schema_of

        made = schema_of(cls)
        parts = made.pop("$defs")
        inlined: dict[str, Any] = _inlined(made, parts)
        return inlined


def _core_schema(cls: Any) -> Any:
    import msgspec
    from pydantic_core import core_schema

    def take(value: object) -> object:
        return value if isinstance(value, cls) else msgspec.convert(value, cls)

    given = core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins)
    return core_schema.no_info_plain_validator_function(take, serialization=given)


@cache
def _serializer(cls: object) -> Any:
    try:
        from pydantic_core import SchemaSerializer
    except ImportError:  # whoever looks through all attributes is not told that something is missing
        raise AttributeError("__pydantic_serializer__") from None
    return SchemaSerializer(_core_schema(cls))


def _inlined(schema: object, parts: dict[str, Any]) -> Any:
    """`schema` with `parts` in place of the references to them: ours refer to nothing that contains them."""
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: _inlined(value, parts) for name, value in schema.items()}
