"""Scans made up for the tests: the same for the same seed, mixed as real ones are, hostile where asked."""

from __future__ import annotations

import random
from collections.abc import Iterator

from banner.formats.record import timestamp
from banner.models import Certificate, End, Grab, Service, Status, Timings, Tls

NOON = 1795348800.0
"""2026-11-22 12:00 UTC."""
DAY = 86400
HOSTILE = (
    b"<script>document.title='owned'</script></script><script>window.owned=1</script>\r\n"
    b'<img src=x onerror="window.owned=1"><!--\x1b[31mred\x1b[0m\x07 \xe2\x80\xaereversed \xe2\x80\xa8 \0 end'
)
"""Markup, the end of the data's element, a terminal's escapes, a bidi override, a line separator, NUL."""

Kind = tuple[int, str | None, str | None, str | None, tuple[str | None, ...], str]
_KINDS: tuple[Kind, ...] = (
    (22, "ssh", "OpenBSD", "OpenSSH", ("9.2p1", "8.4p1", "7.4", "9.6p1"), "SSH-2.0-OpenSSH_{} Debian-2\r\n"),
    (
        80,
        "http",
        "nginx",
        "nginx",
        ("1.22.1", "1.18.0"),
        "HTTP/1.1 200 OK\r\nServer: nginx/{}\r\nDate: {date}\r\n\r\n",
    ),
    (
        443,
        "http",
        "Apache",
        "httpd",
        ("2.4.62", "2.4.6"),
        "HTTP/1.1 200 OK\r\nServer: Apache/{}\r\nDate: {date}\r\n\r\n",
    ),
    (25, "smtp", "Postfix", "Postfix", (None,), "220 mail.example ESMTP Postfix\r\n"),
    (21, "ftp", "ProFTPD", "ProFTPD", ("1.3.8", "1.3.5e"), "220 ProFTPD {} Server [::ffff:192.0.2.1]\r\n"),
    (3306, "mysql", "Oracle", "MySQL", ("8.0.36", "5.7.44"), "J\0\0\0\n{}\0"),
    (143, "imap", "Dovecot", "Dovecot", (None,), "* OK [CAPABILITY IMAP4rev1 ID] Dovecot ready.\r\n"),
    (6379, "redis", "Redis", "Redis", ("7.0.15",), "-NOAUTH Authentication required.\r\n"),
    (8080, None, None, None, (None,), "welcome to the machine {noise}\r\n"),
)
_FAILURES = (Status.TIMEOUT, Status.REFUSED, Status.SILENT, Status.CLOSED, Status.RESET, Status.UNREACHABLE)


def scan(size: int, seed: int = 7, networks: int = 20, began: float = NOON) -> Iterator[Grab]:
    """`size` grabs of made-up hosts in so many /24s, one a target, at 500 a second."""
    chance = random.Random(seed)
    hosts = -(-size // len(_KINDS))
    for number in range(size):
        place = number % hosts
        host = f"10.{place % networks // 200}.{place % networks % 200}.{1 + place // networks % 254}"
        kind = _KINDS[number // hosts]
        yield _grab(host, kind, chance, began + number / 500)


def _grab(host: str, kind: Kind, chance: random.Random, time: float) -> Grab:
    port, name, vendor, product, versions, template = kind
    connect = chance.lognormvariate(-3.5, 1)
    if chance.random() < 0.35:
        status = chance.choice(_FAILURES)
        slow = status in (Status.TIMEOUT, Status.SILENT)
        return Grab(
            time, host, port, status, ip=host, connections=1, timings=Timings(total=5.0 if slow else connect)
        )
    version = chance.choice(versions)
    noise = f"{chance.getrandbits(64):016x}"
    banner = template.format(version, date="Sun, 22 Nov 2026 12:00:00 GMT", noise=noise)
    service = Service(name, vendor, product, version, confidence=0.9) if name else None
    first = connect + chance.lognormvariate(-4, 1.2)
    return Grab(
        time,
        host,
        port,
        Status.BANNER,
        ip=host,
        end=End.COMPLETE,
        banner=banner.encode(),
        probe="listen",
        connections=1,
        service=service,
        tls=tls(host, chance) if port == 443 else None,
        timings=Timings(connect=connect, first_byte=first, total=first + 0.001),
        details={"protocol_version": chance.choice(("2.0",) * 30 + ("1.99",))} if name == "ssh" else {},
    )


def tls(host: str, chance: random.Random, now: float = NOON) -> Tls:
    """A handshake with a certificate that ends some day between a month ago and a year ahead."""
    end = now + chance.choice((-20, -3, 5, 12, 25, 60, 90, 200, 300, 365)) * DAY
    certificate = Certificate(
        sha256=f"{chance.getrandbits(256):064x}",
        subject=f"CN=www{host.replace('.', '-')}.example",
        names=(f"www{host.replace('.', '-')}.example",),
        issuer="CN=R11,O=Let's Encrypt,C=US",
        not_before=timestamp(end - 90 * DAY)[:19] + "Z",
        not_after=timestamp(end)[:19] + "Z",
        self_signed=False,
        key_type="RSA",
        key_bits=2048,
    )
    version = chance.choice(("TLSv1.3",) * 12 + ("TLSv1.2",) * 6 + ("TLSv1.1", "TLSv1"))
    return Tls(version=version, cipher="TLS_AES_256_GCM_SHA384", certificate=certificate)


def hostile(time: float = NOON) -> Grab:
    """A grab that attacks whoever looks at it, in every field that a peer fills."""
    text = HOSTILE.decode()
    certificate = Certificate(
        sha256="ab" * 32, subject=text, names=(text,), issuer=text, not_after="2026-11-01T00:00:00Z"
    )
    return Grab(
        time,
        "evil.example",
        1337,
        Status.BANNER,
        ip="10.0.3.3",
        tag=text,
        end=End.EOF,
        banner=HOSTILE,
        probe="listen",
        connections=1,
        service=Service("</script><img src=x onerror=window.owned=1>", text, text, text),
        tls=Tls(version="SSLv3", cipher=text, certificate=certificate),
        details={text: [text, {"__proto__": text}]},
        error=text,
    )
