"""Services that say their own name, in text or by a few fixed bytes: named, and by nothing less than that."""

from __future__ import annotations

import pytest

from banner import identify

MARKER = b"\xff" * 16
NAMED = [
    (b"Asterisk Call Manager/6.0.0\r\n", "asterisk", None),
    (b"OK MPD 0.24.0\n", "mpd", None),
    (b"220 words.example dictd 1.13.1/rf on Linux 6.1 <mime> <1.2.3@words.example>\r\n", "dict", "1.13.1"),
    (b"220 esx.example VMware Authentication Daemon\r\n", None, None),
    (b"220 VMware Authentication Daemon Version 1.10: SSL Required, MKSDisplayProtocol:VNC\r\n", "vmware-auth", "1.10"),
    (b"220 fax.example server (HylaFAX (tm) Version 7.0.6) ready.\r\n", "hylafax", "7.0.6"),
    (b"200-ICECC 1.3.1: 77s uptime, 2 hosts\n", "icecc", "1.3.1"),
    (b"200 poppassd v1.8.7 hello, who are you?\r\n", "poppassd", "1.8.7"),
    (b"107 59      \nqwertyuiopasdfghjklzxcvbnmqwerty\n\nAuthentication required.\n", "varnish-cli", None),
    (b'510 Unrecognized command "HELP"\r\n', "tor-control", None),
    (b"* OK IMAP4rev1 DavMail 6.3.0-3680 server ready\r\n", "imap", "6.3.0-3680"),
    (b"220 mail.example LMTP Postfix\r\n", "lmtp", None),
    (b"220 mail.example ESMTP (LMTP as well)\r\n", "smtp", None),
    (b"200 nobody knows who\r\n", None, None),
    (MARKER + bytes.fromhex("001d 01 04 fbf0 005a c0000201 00"), "bgp", None),
    (MARKER + bytes.fromhex("0015 03 06 05"), "bgp", None),
    (bytes.fromhex("ff 0000000000000001 7f"), "zmtp", None),
    (bytes.fromhex("ff 0000000000000001 7f 03 01") + b"CURVE".ljust(20, b"\0"), "zmtp", None),
    (b"NBDMAGICIHAVEOPT\0\1", "nbd", None),
    (bytes.fromhex("05000000 0b 08 05 1a 00"), "mysqlx", None),
    (
        (b"\0\0\0\x60\1ActiveMQ\0\0\0\x0c\1\0\0\0\x40" + b"\0\x0fProviderVersion\x09\0\x065.18.3").ljust(100, b"\0"),
        "openwire",
        "5.18.3",
    ),
    (bytes.fromhex("80000024 00000001 00000000 00000000 00000502 00000000 00000000 00000000"), "ndmp", None),
    (b"\x7f\x7fICA\0" * 3, "ica", None),
    (b"\0\0\0\x0bBarrier\0\1\0\6", "synergy", None),
    (b"\0\0\0\x0bDeskflo\0\1\0\6", None, None),
    (b"\0\x0b\0\x0b\0\0\0\3not allowed\0", "x11", None),
    (b"ceph v2\n\x10\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0", "ceph", None),
]  # fmt: skip


@pytest.mark.parametrize(("greeting", "name", "version"), NAMED, ids=lambda value: repr(value)[:40])
def test_it_is_named(greeting: bytes, name: str | None, version: str | None) -> None:
    found = identify(greeting)
    assert (found and found.name, found and found.version) == (name, version)


@pytest.mark.parametrize("greeting", [g for g, name, _ in NAMED if name], ids=lambda value: repr(value)[:40])
def test_cut_anywhere_it_is_itself_or_nobody(greeting: bytes) -> None:
    whole = identify(greeting)
    assert whole is not None
    for end in range(len(greeting)):
        found = identify(greeting[:end])
        beginnings = {whole.name, "telnet"} if greeting[0] == 0xFF and end < 3 else {whole.name, "smtp"}
        assert found is None or found.name in beginnings, (greeting[:end], found)


@pytest.mark.parametrize(
    ("data", "port", "name"),
    [
        (b"\xea\x12\x34\x56", 37, "time"),
        (b"\xea\x12\x34\x56", 38, None),
        (b"Thu Feb  5 08:09:10 2026\r\n", 13, "daytime"),
        (b"Thu Feb  5 08:09:10 2026\r\n", None, "daytime"),
        (b'"Nobody expects it." (M. P.)\r\n', 17, "qotd"),
        (b"\r\nLine  User  Host(s)  Idle  Location\r\n", 79, "finger"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", 79, "ssh"),
        (b"* OK Cyrus IMSP version 1.7a ready\r\n", 406, "imsp"),
    ],
)
def test_simple_ones_are_known_by_their_ports(data: bytes, port: int | None, name: str | None) -> None:
    found = identify(data, port=port)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b"Port 9440 is for clickhouse-client program\r\n", "clickhouse"),
        (b"<title>Tor's ControlPort is not an HTTP proxy</title>", "tor-control"),
    ],
)
def test_who_tells_a_browser_that_he_speaks_no_http_is_named_as_himself(page: bytes, name: str) -> None:
    found = identify(b"HTTP/1.0 400 Bad Request\r\n\r\n" + page)
    assert found
    assert found.name == name
