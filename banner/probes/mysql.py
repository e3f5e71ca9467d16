"""MySQL and its kin: the handshake packet's fields, or the error of a refused host; then TLS if offered.

The server speaks first (MySQL Internals, "Protocol::HandshakeV10"): its version, capabilities and
authentication plugin. Where CLIENT_SSL is among them we answer with an SSLRequest, which holds no name, and
start TLS; nobody logs in. MariaDB before 11.0 puts ``5.5.5-`` before its version, so that replicas of MySQL
5.5 accept it (MariaDB Knowledge Base, "Connecting"); that prefix is no version.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import text

CAPABILITIES: Final = (
    "long_password", "found_rows", "long_flag", "connect_with_db", "no_schema", "compress", "odbc",
    "local_files", "ignore_space", "protocol_41", "interactive", "ssl", "ignore_sigpipe", "transactions",
    "reserved", "secure_connection", "multi_statements", "multi_results", "ps_multi_results",
    "plugin_auth", "connect_attrs", "plugin_auth_lenenc_client_data", "can_handle_expired_passwords",
    "session_track", "deprecate_eof", "optional_resultset_metadata", "zstd_compression_algorithm",
    "query_attributes", "multi_factor_authentication", "capability_extension", "ssl_verify_server_cert",
    "remember_options",
)  # fmt: skip
"""MySQL's capability flags by bit, from 0 (include/mysql_com.h)."""
SSL: Final = 1 << 11
SSL_REQUEST: Final = (
    (0x0000_8A00).to_bytes(4, "little")  # CLIENT_SECURE_CONNECTION, CLIENT_SSL, CLIENT_PROTOCOL_41
    + (1 << 24).to_bytes(4, "little")  # the longest packet that we would take
    + b"\x21"  # utf8
    + bytes(23)
)
""""Protocol::SSLRequest": a handshake response that stops before the user's name."""
LONGEST: Final = 1024
"""Bytes of a greeting packet: the fields take about 100, an error's text at most 512 (MYSQL_ERRMSG_SIZE)."""
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_FORKS: Final = {
    "mariadb": ("MariaDB", "MariaDB", "mariadb:mariadb"),
    "tidb": ("PingCAP", "TiDB", ""),
    "vitess": ("Vitess", "Vitess", ""),
    "percona": ("Percona", "Percona Server", "percona:percona_server"),
    "": ("Oracle", "MySQL", "oracle:mysql"),
}
"""A word of the version -> vendor, product, and the two in NVD's CPE dictionary."""


def talk(wire: Wire) -> Talk:
    # A length of at most `LONGEST` shows in two bytes: any text is let go without a wait.
    length = int.from_bytes((yield from wire.exactly(2)), "little")
    if not 3 <= length <= LONGEST:
        return None
    *zeros, kind = yield from wire.exactly(3)
    if any(zeros) or kind not in (9, 10, 0xFF):
        return None
    body = yield from wire.exactly(length - 1)
    if kind == 0xFF:
        return _refused(wire, body)
    version, zero, fields = body.partition(b"\0")
    if not zero or len(fields) < 12 or not _VERSION.match(version.decode("ascii", "replace")):
        return None
    wire.details["protocol"] = kind
    service = wire.claim(_software(wire, text(version)))
    wire.details["thread_id"] = int.from_bytes(fields[:4], "little")
    if kind == 10 and _handshake(wire, fields) & SSL and not wire.tls:
        wire.send(len(SSL_REQUEST).to_bytes(3, "little") + b"\x01" + SSL_REQUEST)
        yield from wire.start_tls()
    return service


def _refused(wire: Wire, body: bytes) -> Service | None:
    """An error packet: its code, and from 4.1 on a marked SQL state before the message ("ERR_Packet")."""
    code, message = int.from_bytes(body[:2], "little"), body[2:]
    if not 1000 <= code < 6000 or not message.strip(b"\0"):
        return None
    if message[:1] == b"#":
        wire.details["sql_state"], message = text(message[1:6]), message[6:]
    wire.details["error_code"] = code
    wire.details["error"] = text(message)
    if b"MariaDB server" in message:
        return wire.claim(Service("mysql", vendor="MariaDB", product="MariaDB"))
    return wire.claim(Service("mysql"))


def _software(wire: Wire, told: str) -> Service:
    wire.details["server_version"] = told
    lower = told.lower()
    vendor, product, known = next(about for word, about in _FORKS.items() if word in lower)
    number = _VERSION.match(told.removeprefix("5.5.5-") if product == "MariaDB" else told)
    version = number[0] if number else None
    if product in ("TiDB", "Vitess"):  # the number before the name is the MySQL that they imitate
        own = re.search(r"(?:tidb|vitess)-v?(\d{1,9}+(?:\.\d{1,9}+){0,3})", lower)
        version = own[1] if own else None
    cpe = (f"cpe:2.3:a:{known}:{version}:*:*:*:*:*:*:*",) if known and version else ()
    return Service("mysql", vendor=vendor, product=product, version=version, cpe=cpe)


def _handshake(wire: Wire, fields: bytes) -> int:
    """Keep what stands after the version; the capability flags. What is cut short is left out."""
    flags = int.from_bytes(fields[13:15], "little") | int.from_bytes(fields[18:20], "little") << 16
    wire.details["capabilities"] = [name for bit, name in enumerate(CAPABILITIES) if flags >> bit & 1]
    if len(fields) > 17:
        wire.details["character_set"] = fields[15]
        wire.details["status"] = int.from_bytes(fields[16:18], "little")
    # After the length of the challenge and ten reserved bytes come at least 13 bytes of challenge.
    plugin = fields[31 + max(13, fields[20] - 8) :] if len(fields) > 31 else b""
    if name := text(plugin.partition(b"\0")[0]):
        wire.details["auth_plugin"] = name
    return flags


PROBE = Probe("mysql", ports=(3306, 3307), greets=True, starttls=True, talk=talk, limit=2048)
