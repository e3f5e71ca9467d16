"""A grab as one flat row: the columns that the table formats (CSV, SQLite, Parquet) and filters share.

A column's name is the record's field, without its object for a service (``product``), with it for TLS
(``tls_version``) and certificates (``cert_subject``), and with the unit for timings (``total_seconds``).
Three columns say that an object is there: ``service`` (its name), ``tls`` (true) and ``cert_sha256``.
A row that is read back may be damaged or hostile: `grab_of` answers with a `ValueError`.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from ..models import Certificate, Grab, Service, Timings, Transport

LARGEST: Final = 2**31 - 1
"""The largest whole number in a column: what every format and tool can hold (32 bits with a sign)."""

YEARS: Final = (0.0, 253402300800.0)
"""POSIX seconds from 1970 to the end of 9999, the last year that RFC 3339 (section 5.6) can write."""


class Column(NamedTuple):
    """One column: its name, and its kind: text, integer, real, flag, list, json, time or bytes."""

    name: str
    kind: str


_TLS_FIELDS: Final = ("version", "cipher", "alpn", "starttls", "client_certificate", "error", "group")
_KINDS: Final = {
    "time": "time",
    "port": "integer",
    "banner": "bytes",
    "connections": "integer",
    "said": "list",
    "sent": "integer",
    "received": "integer",
    "cpe": "list",
    "confidence": "real",
    "tls": "flag",
    "tls_client_certificate": "flag",
    "cert_names": "list",
    "cert_self_signed": "flag",
    "cert_expired": "flag",
    "cert_key_bits": "integer",
    "cert_name_matches": "flag",
    "cert_chain": "json",
    "details": "json",
}


def _named() -> list[str]:
    return [
        *("time", "host", "port", "ip", "tag", "status", "end", "banner", "probe", "connections"),
        *("said", "sent", "received"),
        "service",
        *Service.__struct_fields__[1:],
        "tls",
        *(f"tls_{name}" for name in _TLS_FIELDS),
        *(f"cert_{name}" for name in Certificate.__struct_fields__),
        *(f"{name}_seconds" for name in Timings.__struct_fields__),
        *("details", "error", "transport"),
    ]


COLUMNS: Final = tuple(
    Column(name, "real" if name.endswith("_seconds") else _KINDS.get(name, "text")) for name in _named()
)
NAMES: Final = tuple(column.name for column in COLUMNS)
REQUIRED: Final = frozenset(("time", "host", "port", "status"))

_NO_SERVICE: Final = (None,) * len(Service.__struct_fields__)
_NO_TLS: Final = (None,) * (1 + len(_TLS_FIELDS))
_NO_CERTIFICATE: Final = (None,) * len(Certificate.__struct_fields__)
_encode_json = msgspec.json.Encoder().encode
_decode_json = msgspec.json.Decoder(dict[str, Any]).decode
_decode_chain = msgspec.json.Decoder(list[dict[str, str]]).decode
_decode_list = msgspec.json.Decoder(list[str]).decode


def row_of(grab: Grab) -> tuple[Any, ...]:
    """The values of `grab` in the order of `COLUMNS`: None where absent, tuples for lists, ``details`` as
    JSON text."""
    service, tls = grab.service, grab.tls
    certificate = tls.certificate if tls else None
    return (
        grab.time,
        grab.host,
        grab.port,
        grab.ip,
        grab.tag,
        grab.status.value,
        grab.end.value if grab.end else None,
        grab.banner or None,
        grab.probe,
        grab.connections,
        grab.said,
        grab.sent,
        grab.received,
        *(msgspec.structs.astuple(service) if service else _NO_SERVICE),
        *((True, *(getattr(tls, name) for name in _TLS_FIELDS)) if tls else _NO_TLS),
        *(_certificate(certificate) if certificate else _NO_CERTIFICATE),
        *msgspec.structs.astuple(grab.timings),
        json_text(grab.details) if grab.details else None,
        grab.error,
        None if grab.transport is Transport.TCP else grab.transport.value,
    )


def _certificate(certificate: Certificate) -> tuple[Any, ...]:
    *fields, chain = msgspec.structs.astuple(certificate)
    return (*fields, json_text(chain) if chain else None)


def grab_of(row: Mapping[str, Any]) -> Grab:
    """The grab that a row holds: values by column name, None or nothing where absent, lists and ``details``
    as they are or as JSON text. Raises `ValueError` with the reason."""
    there = {name: value for name, value in row.items() if value is not None}
    try:
        fields = _grab_fields(there)
        grab = msgspec.convert(fields, Grab)
    except RecursionError:
        raise ValueError("not a record: nested too deeply") from None
    except msgspec.DecodeError as error:
        raise ValueError(f"not a record: {error}") from None
    return checked(grab)


def checked(grab: Grab) -> Grab:
    """`grab`, where every format can hold its numbers; else `ValueError`."""
    if not 0 <= grab.port <= 65535:
        raise ValueError(f"not a record: port {grab.port} is not between 0 and 65535")
    if not YEARS[0] <= grab.time < YEARS[1]:
        raise ValueError("not a record: time lies outside the years 1970 to 9999")
    certificate = grab.tls.certificate if grab.tls else None
    bits = certificate.key_bits if certificate else None
    counts = (grab.connections, grab.sent, grab.received)
    if not (all(0 <= count <= LARGEST for count in counts) and (bits is None or 0 <= bits <= LARGEST)):
        raise ValueError(f"not a record: a number is not between 0 and {LARGEST}")
    return grab


def _grab_fields(there: dict[str, Any]) -> dict[str, Any]:
    fields = {name: _listed(name, there[name]) for name in Grab.__struct_fields__ if name in there}
    for name in ("service", "tls", "details"):
        fields.pop(name, None)
    if there.get("confidence") == 0:  # absent from the record, too
        del there["confidence"]
    if "service" in there:
        fields["service"] = {"name": there["service"]} | {
            name: _listed(name, there[name]) for name in Service.__struct_fields__[1:] if name in there
        }
    if there.get("tls"):
        fields["tls"] = {name: there[f"tls_{name}"] for name in _TLS_FIELDS if f"tls_{name}" in there}
        certificate = {
            name: _listed(name, there[f"cert_{name}"])
            for name in Certificate.__struct_fields__
            if f"cert_{name}" in there
        }
        if certificate:
            fields["tls"]["certificate"] = certificate
    fields["timings"] = {
        name: there[f"{name}_seconds"]
        for name in Timings.__struct_fields__
        if there.get(f"{name}_seconds") is not None
    }
    if "details" in there:
        fields["details"] = _decode_json(there["details"])
    return fields


def _listed(name: str, value: object) -> Any:
    if not isinstance(value, str | bytes):
        return value
    if name == "chain":
        return _decode_chain(value)
    return _decode_list(value) if name in ("cpe", "names", "said") else value


def json_text(value: object) -> str:
    """`value` as JSON text."""
    return _encode_json(value).decode()
