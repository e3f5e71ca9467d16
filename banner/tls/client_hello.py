"""A ClientHello of our own, for the servers that OpenSSL refuses or that refuse it: SSL 3.0, RC4, 3DES, DES.

Today's OpenSSL has none of these, but to see what such a server shows nothing need be computed: we offer
everything there ever was, read the server's flight up to its certificate (``flight.py``), and leave. `greet`
does it as a dialogue over a `Wire`, so every driver can. It is the second hello: `worth_retrying` says after
which failures of the first a connection is well spent on it. Nothing secret is made with the random.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Generator

import msgspec

from ..dialogue import Ended, Want, Wire
from ..models import Tls
from ..text.patterns import lazily
from . import chain
from .server_flight import HANDSHAKE, Flight

# In the order of what we would rather see chosen: forward secrecy, the old ciphers, the broken ones, and at
# the end what shows no certificate (anonymous). PSK and SRP need a secret, so they are never offered.
_SUITES = bytes.fromhex(
    "c02f c02b c030 c02c cca8 cca9 c013 c009 c014 c00a 009e 009f 0033 0039 0032 0038"  # (EC)DHE with AES
    "009c 009d 002f 0035 003c 003d 00a2 00a3 c02d c031 c004 c005 c00e c00f 0041 0084"  # RSA, static ECDH
    "c011 c007 c00c c002 0005 0004 0066 c012 c008 c00d c003 000a 0016 0013 0010 000d"  # RC4, 3DES
    "0007 0096 0099 009a 0009 0015 0012 000c 000f"  # IDEA, SEED, DES
    "0064 0062 0063 0065 0003 0006 0008 0011 0014 000b 000e"  # export
    "0002 0001 003b c010 c006 0034 003a 0018 001b 001a 0017 0019 c018 c016"  # no encryption, no identity
    "00ff"  # TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746, section 3.3)
)
_GROUPS = bytes.fromhex("001d 0017 0018 0019 0016 0015 0013 000a 000e")
"""x25519, secp256r1, 384, 521, and the curves that OpenSSL no longer offers (RFC 8422, section 5.1.1)."""
_NEWEST_GROUPS = bytes.fromhex("11ec 11eb 11ed 0202 0201 0200 001e 001d 0017 0018 0019 0100 0101")
"""ML-KEM with a curve and alone (draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem), x448 and the common ones, and the
finite fields of RFC 7919: what TLS 1.3 knows, and older OpenSSLs do not."""
_SIGNATURES = bytes.fromhex("0403 0503 0603 0804 0805 0806 0401 0501 0601 0807 0203 0201 0402 0202 0101")
"""RFC 8446, section 4.2.3, and what came before it: SHA-1, DSA, and MD5 (RFC 5246, section 7.4.1.4.1)."""

_FOUR_NUMBERS = lazily(r"(?:\d{1,3}\.){3}\d{1,3}", re.ASCII)
"""An IPv4 address, by far the commonest host, or what is no name either: no top-level domain is a number (RFC 3696,
section 2)."""
_LONGEST_NAME = 253
"""Octets of a DNS name (RFC 1035, section 2.3.4, without the length and root octets)."""


def server_name(host: str) -> str | None:
    """What goes into SNI for `host`: a name in its ASCII form, or None for addresses and impossible names.

    RFC 6066, section 3: no literal addresses, no trailing dot.
    """
    if _FOUR_NUMBERS.fullmatch(host):
        return None
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return None
    try:
        name = host.removesuffix(".").encode("idna").decode()
    except UnicodeError:
        return None
    return name if 0 < len(name) <= _LONGEST_NAME and "\0" not in name else None


def client_hello(host: str, random: bytes, *, version: int = 0x0303, extensions: bool = True) -> bytes:
    """A ClientHello in one record (RFC 5246, section 7.4.1.2; RFC 6101, section 5.6.1.2).

    `random` is 32 bytes; `version` the highest that we pretend to speak (0x0300 is SSL 3.0). The record says
    SSL 3.0 as RFC 5246, appendix E.1, advises. Old servers that trip over extensions get none.
    """
    if len(random) != 32:
        raise ValueError("the random is 32 bytes")
    body = version.to_bytes(2) + random + b"\0" + _sized(_SUITES, 2) + b"\1\0"
    if extensions:
        body += _sized(_extensions(server_name(host), len(body)), 2)
    message = b"\1" + _sized(body, 3)
    return bytes([HANDSHAKE, 3, 0]) + _sized(message, 2)


def newest_hello(host: str, random: bytes) -> bytes:
    """A ClientHello of TLS 1.3 alone that offers every group and a key for none (RFC 8446, section 4.2.8): the server's
    HelloRetryRequest names the group that it wants, and nothing need be computed."""
    body = (
        b"\3\3" + random + _sized(random, 1) + _sized(bytes.fromhex("1301 1302 1303 1304 1305"), 2) + b"\1\0"
    )
    data = _named(server_name(host))
    data += b"\0\x0a" + _sized(_sized(_NEWEST_GROUPS, 2), 2)
    data += b"\0\x0d" + _sized(_sized(_SIGNATURES, 2), 2)
    data += b"\0\x2b" + _sized(_sized(b"\3\4", 1), 2)  # supported_versions
    data += b"\0\x33" + _sized(_sized(b"", 2), 2)  # key_share
    message = b"\1" + _sized(body + _sized(data, 2), 3)
    return bytes([HANDSHAKE, 3, 1]) + _sized(message, 2)


def _named(name: str | None) -> bytes:
    """The extension server_name (RFC 6066, section 3)."""
    return b"\0\0" + _sized(_sized(b"\0" + _sized(name.encode(), 2), 2), 2) if name else b""


def _sized(data: bytes, octets: int) -> bytes:
    return len(data).to_bytes(octets) + data


def _extensions(name: str | None, before: int) -> bytes:
    data = _named(name)
    data += b"\0\x0a" + _sized(_sized(_GROUPS, 2), 2)
    data += b"\0\x0b" + _sized(b"\1\0", 2)  # points uncompressed
    data += b"\0\x0d" + _sized(_sized(_SIGNATURES, 2), 2)
    # Some servers hang on a ClientHello of 256 to 511 bytes: padded beyond (RFC 7685, sections 1 and 4).
    size = 4 + before + 2 + len(data)
    if 256 <= size < 512:
        data += b"\0\x15" + _sized(bytes(max(0, 512 - size - 4)), 2)
    return data


def greet(wire: Wire, random: bytes, *, newest: bool = False) -> Generator[Want, None, Flight]:
    """Send our hello, of what is old or of what is `newest`, and read the server's flight; returns what it showed,
    however it ended.

    The wire's limit should be at least `flight.LIMIT`: certificate chains are longer than greetings.
    """
    wire.send(newest_hello(wire.host, random) if newest else client_hello(wire.host, random))
    flight = Flight()
    try:
        while not (flight.done or (newest and flight.group)):
            flight.feed((yield from wire.some()))
    except Ended:
        pass
    return flight


def worth_retrying(tls: Tls) -> bool:
    """Whether a second hello, `greet` on a new connection, may show more than the first did.

    So it is where the handshake failed before any certificate: the server refused our offer with an alert or
    just hung up on it, or chose what OpenSSL cannot do. Not so for one that speaks something else, was too
    slow, or sent too much.
    """
    return tls.error is not None and tls.certificate is None and tls.error not in _HOPELESS


def too_long(flight: Flight) -> bool:
    """Whether a server that showed nothing but an end to both hellos may be one that takes only short ones."""
    return flight.version is None and not flight.alert and flight.tls is None


def too_new(flight: Flight) -> bool:
    """Whether a server that answered both hellos with an alert may be one that takes only what is newest."""
    return flight.version is None and flight.alert in (
        "handshake_failure",
        "protocol_version",
        "insufficient_security",
    )


_HOPELESS = {"not_tls", "deadline", "limit"}


def openable(flight: Flight) -> bool:
    """Whether a server whose `flight` answered our hello may be spoken to inside TLS with a modest one: it chose TLS
    1.0 to 1.2, and a suite that OpenSSL has."""
    suite = flight.cipher or ""
    current = "_GCM_" in suite or "_CHACHA20_" in suite or "_AES_" in suite
    return (
        flight.version in ("TLSv1", "TLSv1.1", "TLSv1.2")
        and not flight.asks
        and current
        and suite.startswith(("TLS_ECDHE_", "TLS_RSA_WITH_"))
    )


def seen(flight: Flight, now: float, first: Tls | None = None, *, host: str = "") -> Tls:
    """The record of a flight of `host`; with `first`, of both hellos: what the second showed, why the first failed."""
    tls = Tls(
        version=flight.version,
        cipher=flight.cipher,
        group=flight.group,
        certificate=chain.read(flight.chain, now, host),
        client_certificate=flight.asks or None,
        error=flight.alert,
    )
    if first is None:
        return tls
    if tls.version is None and first.version is None and first.error in ("eof", "reset") and tls.error:
        return msgspec.structs.replace(
            first, error=tls.error
        )  # who hung up on one hello gave a reason to the other
    if tls.version is None:
        return first
    return msgspec.structs.replace(tls, starttls=first.starttls, error=first.error)
