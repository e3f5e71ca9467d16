"""A TLS server's first flight, read as bytes: version, suite, certificate, alert, without a handshake.

Below TLS 1.3 a server sends its certificate in the clear (RFC 5246, section 7.3), so what it shows is had
from the records alone, though the handshake fails or is never finished. `Flight` is fed whatever came, in
any segments, and stops at the first thing that it cannot or need not read: a fatal alert, ServerHelloDone,
encryption, something that is no TLS. It reads at most `LIMIT` bytes and keeps one unfinished message.
"""

from __future__ import annotations

from . import ciphers

LARGEST_MODULUS = 4096
"""Bits of a finite-field Diffie-Hellman modulus with which we compute: 40 ms of one core, where 8,192 cost 300 and
OpenSSL would take 10,000. No server needs more: 3,072 have 125 bits of strength (RFC 7919, appendix A)."""

LIMIT = 131072
"""Bytes of a flight that are read: OpenSSL stops at certificate chains of 100 kB, longer ones are not met."""

MOST_CERTIFICATES = 16
"""Certificates of a chain that are looked at: those of the public authorities have 2 to 5."""

LARGEST_RECORD = 16384 + 2048
"""RFC 5246, section 6.2.3: 2^14 octets and what compression and encryption may add."""

VERSIONS = {
    0x0002: "SSLv2",
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
}

ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""RFC 8446, section 6; the older ones: RFC 5246 7.2, RFC 6066 9, and RFC 6101 5.4.2."""

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
_SERVER_HELLO, _CERTIFICATE, _KEY_EXCHANGE, _CERTIFICATE_REQUEST, _SERVER_HELLO_DONE = 2, 11, 12, 13, 14
_KINDS = (CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA)
_FATAL = 2
_SSLV2_SERVER_HELLO = 4
_ALPN, _SUPPORTED_VERSIONS, _KEY_SHARE = 16, 43, 51
_NAMED_CURVE = 3
_OLD_ALERT = b"\x15\0\0\0\2"
"""Some servers put no version into the record of an alert that answers a hello which they do not understand."""

GROUPS = {
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001D: "x25519",
    0x001E: "x448",
    0x001F: "brainpoolP256r1tls13",
    0x0020: "brainpoolP384r1tls13",
    0x0021: "brainpoolP512r1tls13",
    0x001A: "brainpoolP256r1",
    0x001B: "brainpoolP384r1",
    0x001C: "brainpoolP512r1",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x0200: "MLKEM512",
    0x0201: "MLKEM768",
    0x0202: "MLKEM1024",
    0x11EB: "SecP256r1MLKEM768",
    0x11EC: "X25519MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
}
"""IANA's registry "TLS Supported Groups"; any other is told by its number."""
_HUGE = {0x0103, 0x0104}

_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random that makes a ServerHello a HelloRetryRequest (RFC 8446, section 4.1.3)."""


def _listed(body: bytes) -> tuple[bytes, ...]:
    """The certificates of a Certificate message: a list's length, then each one's (RFC 5246, section 7.4.2)."""
    found: list[bytes] = []
    at = 3
    while at + 3 < len(body) and len(found) < MOST_CERTIFICATES:
        length = body[at] << 16 | body[at + 1] << 8 | body[at + 2]
        if length:
            found.append(body[at + 3 : at + 3 + length])
        at += 3 + length
    return tuple(found)


class Flight:
    """What a server's first flight showed so far."""

    __slots__ = (
        "_messages", "_records", "_seen", "alert", "alpn", "asks", "chain", "cipher", "done", "group", "huge",
        "tls", "version", "whole",
    )  # fmt: skip

    def __init__(self) -> None:
        self.version: str | None = None
        self.cipher: str | None = None
        self.chain: tuple[bytes, ...] = ()
        """The certificates that came, DER, the server's own first."""
        self.group: str | None = None
        """The group of the key exchange, by IANA's name."""
        self.huge: bool = False
        """Its Diffie-Hellman modulus is larger than `LARGEST_MODULUS`: who goes on computes for long."""
        self.asks: bool = False
        """Whether it asked for a client certificate; under TLS 1.3 that question is encrypted."""
        self.alpn: str | None = None
        """The protocol that it chose, where it says so in the clear (RFC 7301, section 3.1): up to TLS 1.2."""
        self.whole: bool = False
        """It is all there: up to TLS 1.2, where nothing of it is encrypted (RFC 5246, section 7.4.5)."""
        self.alert: str | None = None
        """The last alert's name, a warning's too."""
        self.tls: bool | None = None
        """False once the bytes are known to be no TLS; None before the first byte."""
        self.done: bool = False
        """Nothing more is read: the rest is encrypted, fatal, nonsense, or beyond the limit."""
        self._records = bytearray()
        self._messages = bytearray()
        self._seen = 0

    def feed(self, data: bytes | bytearray) -> None:
        """`data` came. Takes time linear in it."""
        if self.done or not data:
            return
        self._seen += len(data)
        self._records += data
        if self.tls is None:
            self._look()
        records, at, end = self._records, 0, len(self._records)
        while self.tls and not self.done and end - at >= 5:
            kind, length = records[at], records[at + 3] << 8 | records[at + 4]
            known = records[at + 1] == 3 or records.startswith(_OLD_ALERT, at)
            if kind not in _KINDS or not known or length > LARGEST_RECORD:
                self._read_messages()
                self.done = True
            elif end - at < 5 + length:
                break
            elif kind == HANDSHAKE:
                self._messages += records[at + 5 : at + 5 + length]
            else:
                self._record(kind, records[at + 5 : at + 5 + length])
            at += 5 + length
        self._read_messages()
        del records[:at]
        if self._seen >= LIMIT:
            self.done = True

    def _look(self) -> None:
        """Tell from the first bytes whether this is TLS."""
        start = self._records
        if start[0] & 0x80:
            self._read_sslv2()
        elif start[0] == ALERT and start[1:2] == b"\0":
            if not _OLD_ALERT.startswith(start[:5]):
                self.tls, self.done = False, True
            elif len(start) >= 5:
                self.tls = True
        elif start[0] not in _KINDS or (len(start) > 1 and start[1] != 3):
            self.tls, self.done = False, True
        elif len(start) > 1:
            self.tls = True

    def _record(self, kind: int, payload: bytearray) -> None:
        """Other than of the handshake."""
        self._read_messages()
        if self.done:
            return
        if kind == ALERT and len(payload) == 2:
            self.alert = ALERTS.get(payload[1]) or f"alert {payload[1]}"
            self.done = payload[0] == _FATAL or payload[1] == 0
        elif kind != CHANGE_CIPHER_SPEC or self.version != "TLSv1.3":
            # Encrypted from here on, except that TLS 1.3 sends one ChangeCipherSpec for show, which may
            # come between HelloRetryRequest and ServerHello (RFC 8446, appendix D.4).
            self.done = True

    def _read_messages(self) -> None:
        messages, at, end = self._messages, 0, len(self._messages)
        while not self.done and end - at >= 4:
            length = messages[at + 1] << 16 | messages[at + 2] << 8 | messages[at + 3]
            if length > LIMIT:
                self.done = True
            elif end - at < 4 + length:
                break
            else:
                self._message(messages[at], bytes(messages[at + 4 : at + 4 + length]))
                at += 4 + length
        del messages[:at]

    def _message(self, kind: int, body: bytes) -> None:
        if kind == _SERVER_HELLO:
            self._server_hello(body)
        elif kind == _CERTIFICATE and not self.chain:
            self.chain = _listed(body)
        elif kind == _KEY_EXCHANGE:
            self._key_exchange(body)
        elif kind == _CERTIFICATE_REQUEST:
            self.asks = True
        elif kind == _SERVER_HELLO_DONE:
            self.done = True
            self.whole = bool(self.version and self.chain) and self.alert is None

    def _server_hello(self, body: bytes) -> None:
        """RFC 5246 7.4.1.3 and RFC 8446 4.1.3: version, random, session, suite, compression, extensions."""
        suite = 35 + (body[34] if len(body) > 34 else 0)
        if len(body) < suite + 3:
            self.done = True
            return
        version = body[0] << 8 | body[1]
        at = suite + 5
        while at + 4 <= len(body):
            kind, length = body[at] << 8 | body[at + 1], body[at + 2] << 8 | body[at + 3]
            if kind == _SUPPORTED_VERSIONS and length == 2:
                version = int.from_bytes(body[at + 4 : at + 6])
            elif kind == _ALPN and length >= 4:  # a list of one: its length, and the name's
                self.alpn = body[at + 7 : at + 7 + body[at + 6]].decode("ascii", "backslashreplace")
            elif kind == _KEY_SHARE and length >= 2:  # HelloRetryRequest has the group alone
                self._choose(int.from_bytes(body[at + 4 : at + 6]))
            at += 4 + length
        self.version = VERSIONS.get(version) or f"0x{version:04x}"
        self.cipher = ciphers.name_of(body[suite] << 8 | body[suite + 1])
        self.done = self.version == "TLSv1.3" and body[2:34] != _RETRY

    def _choose(self, group: int) -> None:
        self.group = GROUPS.get(group) or f"0x{group:04x}"
        self.huge |= group in _HUGE

    def _key_exchange(self, body: bytes) -> None:
        """ServerKeyExchange: a curve (RFC 8422, section 5.4), or a modulus first (RFC 5246, section 7.4.3)."""
        suite = self.cipher or ""
        if "ECDH" in suite and body[:1] == bytes([_NAMED_CURVE]):
            self._choose(int.from_bytes(body[1:3]))
        elif "DHE_" in suite or "DH_anon" in suite or "RSA_EXPORT" in suite:
            modulus = body[2 : 2 + int.from_bytes(body[:2])]
            self.huge |= int.from_bytes(modulus).bit_length() > LARGEST_MODULUS

    def _read_sslv2(self) -> None:
        """SSL 2.0's SERVER-HELLO, a record of its own (Hickman, "The SSL Protocol", 1995, section 1.2).

        A length of two octets, then: type, session id hit, certificate type, version, the lengths of the
        certificate, the cipher specs and the connection id, and these.
        """
        record = self._records
        if len(record) < 7:
            self.tls = False if len(record) > 2 and record[2] != _SSLV2_SERVER_HELLO else None
            self.done = self.tls is False
            return
        self.tls = record[2] == _SSLV2_SERVER_HELLO and record[5:7] == b"\0\2"
        self.done = not self.tls or len(record) >= 2 + (int.from_bytes(record[:2]) & 0x7FFF)
        if self.tls and self.done:
            self.version = VERSIONS[2]
            certificate = bytes(record[13 : 13 + int.from_bytes(record[7:9])])
            self.chain = (certificate,) if certificate else ()
        elif self.tls:
            self.tls = None
