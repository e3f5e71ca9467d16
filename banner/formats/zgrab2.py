"""JSON lines in the shape of zgrab2's output, so that what reads those can read ours.

One object a target: ``ip``, ``domain``, and under ``data`` one module's answer, named after the service where
zgrab2 has a module whose result is a greeting, else ``banner``. Only what zgrab2 has a field for is written,
so this is an output and no archive. As in zgrab2, bytes that are not UTF-8 become U+FFFD. What zgrab2 itself wrote
is read too: a record for each module's answer, with what of it is no greeting under ``details``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from ..models import Grab, Service, Status, Transport
from .jsonl import JsonLines
from .record import parse_timestamp, timestamp

STATUSES: Final = {
    Status.BANNER: "success",
    Status.SILENT: "io-timeout",
    Status.CLOSED: "connection-closed",
    Status.RESET: "connection-closed",
    Status.REFUSED: "connection-refused",
    Status.TIMEOUT: "connection-timeout",
    Status.TLS_ERROR: "protocol-error",
}
"""zgrab2's words (its ``status.go``); the others have none there: ``unknown-error``, and ``error`` tells."""

MEANINGS: Final = {
    "success": Status.BANNER,
    "io-timeout": Status.SILENT,
    "connection-closed": Status.CLOSED,
    "connection-refused": Status.REFUSED,
    "connection-timeout": Status.TIMEOUT,
    "protocol-error": Status.TLS_ERROR,
    "application-error": Status.TLS_ERROR,
}
"""The way back, where there is nothing better to go by."""

HINTS: Final = {
    "connection refused": Status.REFUSED,
    "connection reset": Status.RESET,
    "no such host": Status.DNS_ERROR,
    "no route to host": Status.UNREACHABLE,
    "network is unreachable": Status.UNREACHABLE,
}
"""What zgrab2's ``error`` says where its status says less: Go's texts of these errors (its ``syscall`` and ``net``)."""

PORTS: Final = {
    "banner": 80,
    "ftp": 21,
    "http": 80,
    "imap": 143,
    "memcached": 11211,
    "mongodb": 27017,
    "mssql": 1433,
    "mysql": 3306,
    "oracle": 1521,
    "pop3": 110,
    "postgres": 5432,
    "redis": 6379,
    "smb": 445,
    "smtp": 25,
    "ssh": 22,
    "telnet": 23,
    "tls": 443,
    "amqp091": 5672,
    "mqtt": 1883,
    "pptp": 1723,
}
"""Where a module goes by default: versions before 2024 do not write the port."""

OVER_UDP: Final[dict[str, int | None]] = {"ntp": 123, "bacnet": 47808, "ipmi": 623, "udp": None}
"""The modules that speak over UDP, with their usual ports; ``udp`` is ours, for all that zgrab2 has no module for."""

SERVICES: Final = {"postgres": "postgresql", "amqp091": "amqp", "mssql": "ms-sql-s", "oracle": "oracle-tns"}
"""Our names, where zgrab2's are others."""

VERSIONS: Final[dict[str, tuple[str, ...]]] = {
    "redis": ("version",),
    "memcached": ("version",),
    "mongodb": ("build_info", "version"),
    "mysql": ("server_version",),
    "mssql": ("version",),
    "postgres": ("server_parameters", "server_version"),
    "amqp091": ("server_properties", "version"),
}
"""Where a module's result has the version."""

PRODUCTS: Final = {"redis": "Redis", "memcached": "Memcached", "mongodb": "MongoDB", "postgres": "PostgreSQL"}
"""What such a version is of, where only one product answers as the module wants it."""

GREETERS: Final = frozenset(("ftp", "imap", "pop3", "smtp", "telnet"))
"""The modules whose result is ``{"banner": ...}``."""

_encode = msgspec.json.Encoder().encode


class Zgrab2:
    """Writes zgrab2's lines to a descriptor and closes it at the end."""

    def __init__(self, fd: int, name: str) -> None:
        self._out = JsonLines(fd, name)

    def write(self, grabs: Iterable[Grab]) -> None:
        """Write a line for each of `grabs`."""
        self._out.write_lines(b"".join(_encode(shape(grab)) + b"\n" for grab in grabs))

    def flush(self) -> None:
        """Nothing: every batch was handed to the system when it was written."""

    def close(self) -> None:
        """Close the descriptor."""
        self._out.close()


def shape(grab: Grab) -> dict[str, Any]:
    """`grab` as zgrab2 would have written it."""
    name = grab.service.name if grab.service else ""
    module = name if name in GREETERS or name == "ssh" else "banner"
    if grab.transport is Transport.UDP:
        module = "udp"
    answer: dict[str, Any] = {
        "status": STATUSES.get(grab.status, "unknown-error"),
        "protocol": module,
        "port": grab.port,
    }
    if grab.banner:
        answer["result"] = _result(grab, module)
    answer["timestamp"] = timestamp(grab.time)[:19] + "Z"
    if grab.status is not Status.BANNER:
        answer["error"] = f"{grab.status}: {grab.error}" if grab.error else grab.status.value
    where = {"ip": grab.ip} if grab.ip else {}
    if grab.host != grab.ip:
        where["domain"] = grab.host
    return where | {"data": {module: answer}}


def _result(grab: Grab, module: str) -> dict[str, Any]:
    text = grab.banner.decode("utf-8", "replace")
    if module == "ssh":
        return {"server_id": _ssh(text)}
    return {"banner": text, "length": len(grab.banner)} if module in ("banner", "udp") else {"banner": text}


def _ssh(text: str) -> dict[str, str]:
    """The identification line (RFC 4253, section 4.2) in the parts into which zgrab2 cuts it."""
    lines = text.splitlines() or [""]
    raw = next((line for line in lines if line.startswith("SSH-")), lines[0])
    _, version, software = [*raw.split("-", 2), "", ""][:3]
    software, _, comment = software.partition(" ")
    parts = {"raw": raw, "version": version, "software": software, "comment": comment}
    return {name: part for name, part in parts.items() if part}


class _Answer(msgspec.Struct):
    status: str
    port: int | None = None
    result: Any = None
    """An object, mostly; a module that came to nothing may write null."""
    timestamp: str | None = None
    error: str | None = None


class _Line(msgspec.Struct):
    data: dict[str, _Answer]
    ip: str = ""
    domain: str = ""


_decoder = msgspec.json.Decoder(_Line)


def read_line(line: bytes) -> Iterator[Grab]:
    """The grabs that a line of zgrab2's tells of. Raises `ValueError`."""
    try:
        found = _decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"not a line of zgrab2's: {error}") from None
    if not found.ip and not found.domain:
        raise ValueError("not a line of zgrab2's: neither ip nor domain")
    portless = ""
    for module, answer in found.data.items():
        port = PORTS.get(module, OVER_UDP.get(module)) if answer.port is None else answer.port
        if port is None:
            portless = portless or module
            continue
        result = answer.result if isinstance(answer.result, dict) else {}
        banner, rest = _heard(module, result)
        status, said = _meant(answer, heard=bool(banner or rest))
        yield Grab(
            time=parse_timestamp(answer.timestamp) if answer.timestamp else 0.0,
            host=found.domain or found.ip,
            port=port,
            status=status,
            ip=found.ip or None,
            banner=banner,
            service=_service(module, result) if status is Status.BANNER else None,
            details={"zgrab2": rest} if rest else {},
            error=said,
            transport=Transport.UDP if module in OVER_UDP else Transport.TCP,
        )
    if portless:
        raise ValueError(f"not a line of zgrab2's: {portless} names no port")


def _heard(module: str, result: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """The greeting in a module's result, and what else there is."""
    rest = {name: value for name, value in result.items() if name not in ("banner", "length")}
    text = result.get("banner")
    if module == "ssh" and isinstance(server := rest.get("server_id"), dict) and "raw" in server:
        text = f"{server['raw']}\r\n"
        del rest["server_id"]
    if module == "http" and isinstance(response := rest.get("response"), dict):
        text = _head(response)
    return (text.encode("utf-8", "replace") if isinstance(text, str) else b""), rest


def _head(response: dict[str, Any]) -> str | None:
    """The head of an HTTP response (RFC 9112, section 2.1) out of the parts into which zgrab2 cuts it."""
    protocol, status, headers = (response.get(name) for name in ("protocol", "status_line", "headers"))
    version = protocol.get("name") if isinstance(protocol, dict) else None
    if not isinstance(status, str):
        return None
    lines = [f"{version if isinstance(version, str) else 'HTTP/1.1'} {status}"]
    for field, values in headers.items() if isinstance(headers, dict) else ():
        if field == "unknown" and isinstance(values, list):
            pairs = [(each.get("key"), each.get("value")) for each in values if isinstance(each, dict)]
        else:
            pairs = [(field, values)]
        for key, several in pairs:
            name = str(key).replace("_", "-").title()
            lines += [f"{name}: {value}" for value in several] if isinstance(several, list) else []
    return "\r\n".join(lines) + "\r\n\r\n"


def _service(module: str, result: dict[str, Any]) -> Service | None:
    """What a module's result says of the server."""
    if module in ("banner", "udp"):
        return None
    found: Any = result
    for name in VERSIONS.get(module, ()):
        found = found.get(name) if isinstance(found, dict) else None
    version = found if isinstance(found, str) and found and module in VERSIONS else None
    product: Any = PRODUCTS.get(module)
    if module == "amqp091" and isinstance(properties := result.get("server_properties"), dict):
        product = properties.get("product")
    return Service(
        SERVICES.get(module, module), product=product if isinstance(product, str) else None, version=version
    )


def _meant(answer: _Answer, *, heard: bool) -> tuple[Status, str | None]:
    """Our status, and what is left of the error: we write our own word before it."""
    error = answer.error or ""
    word, _, rest = error.partition(": ")
    if word in set(Status) - {Status.BANNER}:
        return Status(word), rest or None
    if heard:
        return Status.BANNER, error or None
    hinted = (status for text, status in HINTS.items() if text in error)
    return next(hinted, MEANINGS.get(answer.status, Status.LOCAL_ERROR)), error or None
