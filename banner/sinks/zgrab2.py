"""JSON lines in the shape of zgrab2's output, so that what reads those can read ours.

One object a target: ``ip``, ``domain``, and under ``data`` one module's answer, named after the service where
zgrab2 has a module whose result is a greeting, else ``banner``. Only what zgrab2 has a field for is written,
so this is an output and no archive. As in zgrab2, bytes that are not UTF-8 become U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from ..models import Grab, Status
from ..record import timestamp
from .jsonl import JsonLines

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
    answer: dict[str, Any] = {
        "status": STATUSES.get(grab.status, "unknown-error"),
        "protocol": module,
        "port": grab.port,
    }
    if grab.banner:
        answer["result"] = _result(grab, module)
    answer["timestamp"] = timestamp(grab.time)[:19] + "Z"
    if grab.status is not Status.BANNER:
        answer["error"] = grab.error or grab.status.value
    where = {"ip": grab.ip} if grab.ip else {}
    if grab.host != grab.ip:
        where["domain"] = grab.host
    return where | {"data": {module: answer}}


def _result(grab: Grab, module: str) -> dict[str, Any]:
    text = grab.banner.decode("utf-8", "replace")
    if module == "ssh":
        return {"server_id": _ssh(text)}
    return {"banner": text, "length": len(grab.banner)} if module == "banner" else {"banner": text}


def _ssh(text: str) -> dict[str, str]:
    """The identification line (RFC 4253, section 4.2) in the parts into which zgrab2 cuts it."""
    lines = text.splitlines() or [""]
    raw = next((line for line in lines if line.startswith("SSH-")), lines[0])
    _, version, software = [*raw.split("-", 2), "", ""][:3]
    software, _, comment = software.partition(" ")
    parts = {"raw": raw, "version": version, "software": software, "comment": comment}
    return {name: part for name, part in parts.items() if part}
