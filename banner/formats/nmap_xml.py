"""nmap's XML (its DTD, version 1.05): what ndiff, Metasploit, Faraday, DefectDojo and many scripts read.

nmap's format lists a host once with all of its ports, and a shuffled scan visits them far apart: records wait
in a temporary database and are written, sorted, when the scan has ended (by Ctrl-C or SIGTERM as well). After a
kill there is no file. Beside nmap's own words each port carries its whole record (in the script ``banner``),
so nothing is lost on the way back; a record without an address (``dns-error``) leaves its name alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ..addresses.blocks import parse_address
from ..models import Grab, Service, Status, Tls, Transport, __version__
from ..text.lines import shown
from ..text.markup import End, Problem, Start, Text, events
from .columns import checked
from .files import OutputError
from .jsonl import JsonLines
from .record import decode, encode
from .terminal import safe, safe_bytes

STATES: Final = {
    Status.BANNER: ("open", "syn-ack"),
    Status.SILENT: ("open", "syn-ack"),
    Status.CLOSED: ("open", "syn-ack"),
    Status.RESET: ("open", "syn-ack"),
    Status.TLS_ERROR: ("open", "syn-ack"),
    Status.REFUSED: ("closed", "conn-refused"),
    Status.TIMEOUT: ("filtered", "no-response"),
    Status.UNREACHABLE: ("filtered", "host-unreach"),
}
"""nmap's state and reason for a status; of the others we know nothing (``unknown``, and the status)."""

OVER_UDP: Final = {
    **STATES,
    Status.BANNER: ("open", "udp-response"),
    Status.SILENT: ("open|filtered", "no-response"),
    Status.REFUSED: ("closed", "port-unreach"),
}
"""The same over UDP, where silence tells nothing."""

_BLOCK: Final = 500


class NmapXml:
    """Collects records, and writes the file to a descriptor when it is closed."""

    def __init__(self, fd: int, name: str) -> None:
        self._out = JsonLines(fd, name)
        self._name = name
        self._closed = False
        # An empty name is a private database in a temporary file, which SQLite removes itself.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            self._db.execute(
                "CREATE TABLE grabs (address BLOB, host TEXT, transport TEXT, port INTEGER, record BLOB)"
            )
        except sqlite3.Error as error:
            self._db.close()
            raise OutputError(f"cannot write {name}: {error}") from None

    def write(self, grabs: Iterable[Grab]) -> None:
        """Take `grabs`."""
        rows = [(_sort_key(grab), grab.host, grab.transport, grab.port, encode(grab)) for grab in grabs]
        try:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO grabs VALUES (?, ?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise OutputError(f"cannot write {self._name}: {error}") from None

    def flush(self) -> None:
        """Nothing: the file is written at the end."""

    def close(self) -> None:
        """Write the file."""
        if self._closed:
            return
        self._closed = True
        try:
            self._write_all()
        except sqlite3.Error as error:
            raise OutputError(f"cannot write {self._name}: {error}") from None
        finally:
            self._db.close()
            self._out.close()

    def _write_all(self) -> None:
        block: list[str] = []
        for part in _document(self._db):
            block.append(part)
            if len(block) >= _BLOCK:
                self._out.write_lines("".join(block).encode())
                block.clear()
        self._out.write_lines("".join(block).encode())


def _sort_key(grab: Grab) -> bytes | None:
    text = _address(grab)
    return None if text is None else parse_address(text).to_bytes(16, "big")


def _address(grab: Grab) -> str | None:
    """The address of a grab without its zone, for which nmap's XML has no place."""
    for text in (grab.ip, grab.host):
        if text is not None:
            try:
                parse_address(text.partition("%")[0])
            except ValueError:
                continue
            return text.partition("%")[0]
    return None


def _document(db: sqlite3.Connection) -> Iterator[str]:
    grabs = (
        decode(line)
        for (line,) in db.execute(
            "SELECT record FROM grabs ORDER BY address IS NULL, address, host, transport, port"
        )
    )
    hosts = 0
    first, last = float("inf"), 0.0
    counts = dict(db.execute("SELECT transport, count(*) FROM grabs GROUP BY transport")) or {"tcp": 0}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
    yield f'<nmaprun scanner="nmap" args="banner scan" version="{__version__}" xmloutputversion="1.05">\n'
    for transport, count in sorted(counts.items()):
        kind = "udp" if transport == "udp" else "connect"
        yield f'<scaninfo type="{kind}" protocol="{transport}" numservices="{count}" services=""/>\n'
    yield '<verbose level="0"/>\n<debugging level="0"/>\n'
    current: tuple[str, str] | None = None
    for grab in grabs:
        first, last = min(first, grab.time), max(last, grab.time + (grab.timings.total or 0))
        address = _address(grab)
        if address is None:
            yield "</ports></host>\n" if current else ""
            current = None
            yield f'<target specification="{_attribute(grab.host)}" status="skipped" reason="invalid"/>\n'
            continue
        if (address, grab.host) != current:
            yield "</ports></host>\n" if current else ""
            current = (address, grab.host)
            hosts += 1
            yield _host(address, grab)
        yield _port(grab)
    yield "</ports></host>\n" if current else ""
    elapsed = max(0.0, last - first)
    yield f'<runstats><finished time="{int(last)}" elapsed="{elapsed:.2f}" exit="success"/>'
    yield f'<hosts up="{hosts}" down="0" total="{hosts}"/></runstats>\n</nmaprun>\n'


def _host(address: str, grab: Grab) -> str:
    """The beginning of a host, as ``nmap -Pn`` writes one that it was told to take for up."""
    kind = "ipv6" if ":" in address else "ipv4"
    text = f'<host starttime="{int(grab.time)}"><status state="up" reason="user-set" reason_ttl="0"/>'
    text += f'<address addr="{address}" addrtype="{kind}"/>'
    if grab.host.partition("%")[0] != address:
        text += f'<hostnames><hostname name="{_attribute(grab.host)}" type="user"/></hostnames>'
    return text + "<ports>\n"


def _port(grab: Grab) -> str:
    states = OVER_UDP if grab.transport is Transport.UDP else STATES
    state, reason = states.get(grab.status, ("unknown", grab.status.value))
    text = f'<port protocol="{grab.transport}" portid="{grab.port}">'
    text += f'<state state="{state}" reason="{reason}" reason_ttl="0"/>'
    if grab.service:
        text += _service(grab.service, grab.tls)
    # One script a port: the ndiff of nmap 7.93 fails on a port with two.
    said = safe_bytes(grab.banner.rstrip(b"\r\n")) or grab.status.value
    record = _content(encode(grab).decode().rstrip("\n"))
    text += f'<script id="banner" output="{_attribute(said)}"><elem key="record">{record}</elem></script>'
    return text + "</port>\n"


def _service(service: Service, tls: Tls | None) -> str:
    attributes = {
        "name": service.name,
        "product": service.product or service.vendor,
        "version": service.version,
        "extrainfo": service.info,
        "ostype": service.os,
        "devicetype": service.device,
        "tunnel": "ssl" if tls and tls.version and not tls.error else None,
        "method": "probed",
        "conf": str(max(0, min(10, round(service.confidence * 10)))),
    }
    written = " ".join(
        f'{name}="{_attribute(value)}"' for name, value in attributes.items() if value is not None
    )
    names = "".join(f"<cpe>{_content(safe(_cpe_uri(name)))}</cpe>" for name in service.cpe)
    return f"<service {written}>{names}</service>" if names else f"<service {written}/>"


def _cpe_uri(name: str) -> str:
    """A CPE 2.3 name as the URI of CPE 2.2, which nmap writes (NISTIR 7695, section 6.1)."""
    parts = re.split(r"(?<!\\):", name)
    if parts[:2] != ["cpe", "2.3"]:
        return name
    kept = ["" if part in ("*", "-") else re.sub(r"\\(.)", _percent, part) for part in parts[2:7]]
    return "cpe:/" + ":".join(kept).rstrip(":")


def _percent(escaped: re.Match[str]) -> str:
    return escaped[1] if escaped[1] in "-._~" else f"%{ord(escaped[1]):02x}"


def _attribute(text: str) -> str:
    """`text` for an attribute: what XML cannot hold (section 2.2) is escaped as a terminal's text is."""
    return _content(safe(text)).replace('"', "&quot;")


def _content(text: str) -> str:
    """`text` between tags. JSON keeps all but two of the characters that XML forbids escaped already."""
    text = text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_xml(chunks: Iterable[bytes], bad: Callable[[int, str], None]) -> Iterator[Grab]:
    """The grabs that our XML carries; ``bad(line, reason)`` for what is damaged. nmap's own files hold none:
    a `ValueError` says so."""
    pieces: list[str] | None = None
    found = anything = False
    root = True
    for event in events(chunks, again="host"):
        if isinstance(event, Start):
            if root and event.name not in ("nmaprun", "host"):
                raise ValueError(f"XML of {shown(event.name)} holds no records of ours")
            root = False
            anything = anything or event.name == "port"
            pieces = [] if event.attributes.get("key") == "record" else None
        elif isinstance(event, Text) and pieces is not None:
            pieces.append(event.text)
        elif isinstance(event, Problem):
            pieces = None
            bad(event.line, event.reason)
        elif isinstance(event, End) and pieces is not None:
            found = True
            yield from _decoded("".join(pieces), bad)
            pieces = None
    if anything and not found:
        raise ValueError("nmap's own XML holds no records: give it to banner scan -i as targets")


def _decoded(record: str, bad: Callable[[int, str], None]) -> Iterator[Any]:
    try:
        yield checked(decode(record))
    except ValueError as error:
        bad(0, str(error))
