"""Whole screens as text, at 80 and 120 columns: what a person sees in the end, and nothing is cut that matters."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from banner import testing
from banner.formats.record import encode
from banner.models import Grab, Service, Status
from banner.testing import Connection, Server
from tests.command import Servers, Terminal

SMTP = b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n"
SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
LISTENING = ("--mode", "listen", "--read-timeout", "1.5")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def https(servers: Servers) -> Server:
    """A web server with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    names, until = ("www.example", "mail.example"), datetime.now(UTC) + timedelta(days=34, hours=12)
    trustme.CA(organization_name="Example CA").issue_cert(*names, not_after=until).configure_cert(context)
    page = "<title>Welcome to the mail of 日本</title>".encode()
    head = b"HTTP/1.1 200 OK\r\nServer: Apache/2.4.62 (Debian)\r\nContent-Length: %d\r\n\r\n" % len(page)

    async def answer(connection: Connection) -> None:
        heard = b""
        while b"\r\n\r\n" not in heard:
            if not (more := await connection.read()):
                return
            heard += more
        await connection.write(head + page)

    return servers.start(lambda: testing.serve(answer, ssl=context))


@pytest.fixture(scope="module")
def some(servers: Servers) -> list[str]:
    """Two that greet, two that refuse, one that is silent."""
    made = [
        lambda: testing.greeter(SSH),
        lambda: testing.greeter(SMTP),
        testing.refuser,
        testing.refuser,
        testing.silent,
    ]
    started = [servers.start(make) for make in made]
    return [f"{server.host}:{server.port}" for server in started]


def screen(shown: bytes) -> list[str]:
    """What stands on a screen in the end; ports and times, which are other ones every time, by their names."""
    text = re.sub(rb"\x1b\[\d*m", b"", shown).decode().replace("\r\n", "\n")
    lines = [line.rsplit("\x1b[2K", 1)[-1] for line in text.split("\n")]
    return [named(line) for line in lines if line]


def named(line: str) -> str:
    line = re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda port: "PORT".ljust(len(port[0])), line)
    line = re.sub(r"\d+(\.\d+)? m?s\b", "TIME", re.sub(r"\d{4}-\d\d-\d\d", "DATE", line))
    line = re.sub(r"OU=Testing CA #[^,]+", "OU=Testing", re.sub(r", (x|X)25519\w*$", ", GROUP", line))
    return re.sub(r"seed \d+", "seed N", re.sub(r" in [^(]*\([\d,]+/s\)", " in TIME", line))


def seen(*arguments: str, columns: int, status: int = 0) -> list[str]:
    """The screen that a command leaves behind; its results in the order of their text."""
    with Terminal(*arguments, columns=columns) as terminal:
        assert terminal.finish() == status
    lines = screen(terminal.shown)
    assert all(len(line) <= columns for line in lines)
    found = sorted(line for line in lines if line.startswith("127."))
    return [*found, *(line for line in lines if not line.startswith("127."))]


SCAN_80 = """\
127.0.0.1:PORT         banner      smtp Postfix         220 mail.example ESMTP …
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1    SSH-2.0-OpenSSH_9.2p1 D…
Not shown: 2 refused, 1 silent (--all shows them)
5 targets in TIME: 2 banner, 2 refused, 1 silent; seed N"""
SCAN_120 = """\
127.0.0.1:PORT         banner      smtp Postfix                     220 mail.example ESMTP Postfix (Debian/GNU)
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1                SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
Not shown: 2 refused, 1 silent (--all shows them)
5 targets in TIME: 2 banner, 2 refused, 1 silent; seed N"""


@pytest.mark.parametrize(("columns", "expected"), [(80, SCAN_80), (120, SCAN_120)])
def test_a_scan_shows_what_is_open_and_counts_the_rest(
    some: list[str], columns: int, expected: str, tmp_path: Path
) -> None:
    assert seen("scan", *some, *LISTENING, columns=columns) == expected.splitlines()
    # With a file as well: and there everything stands.
    out = tmp_path / "out.jsonl"
    assert seen("scan", *some, *LISTENING, "-o", str(out), columns=columns) == expected.splitlines()
    assert len(out.read_bytes().splitlines()) == 5


@pytest.mark.parametrize(
    ("options", "statuses", "rest"),
    [
        (["--all"], ["banner", "banner", "refused", "refused", "silent"], None),
        (["--only", "silent"], ["silent"], "Not shown: 2 banner, 2 refused"),
        (["--only", "refused,silent"], ["refused", "refused", "silent"], "Not shown: 2 banner"),
        (["--only", "banner", "--only", "silent"], ["banner", "banner", "silent"], "Not shown: 2 refused"),
        (["--hide", "refused"], ["banner", "banner", "silent"], "Not shown: 2 refused"),
        (["--hide", "banner,refused", "--hide", "silent"], [], "Not shown: 2 banner, 2 refused, 1 silent"),
    ],
)  # fmt: skip
def test_what_is_shown_can_be_chosen(
    some: list[str], options: list[str], statuses: list[str], rest: str | None, tmp_path: Path
) -> None:
    for file in ([], ["-o", str(tmp_path / "out.jsonl")], ["-o", str(tmp_path / "out.csv")]):
        lines = seen("scan", *some, *LISTENING, *options, *file, columns=80)
        assert sorted(line.split()[1] for line in lines if line.startswith("127.")) == statuses
        assert [line for line in lines if line.startswith("Not")] == ([rest] if rest else [])


def test_several_workers_show_the_same(some: list[str], tmp_path: Path) -> None:
    arguments = ("scan", *some, *LISTENING, "--workers", "2", "-o", str(tmp_path / "out.jsonl"))
    assert seen(*arguments, columns=80) == SCAN_80.splitlines()


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (["--only", "slient"], "--only: no status 'slient'; did you mean silent?"),
        (["--hide", "open"], "--hide: no status 'open'; there are banner, "),
        (["--all", "--only", "banner"], "--all shows every status"),
    ],
)
def test_a_status_that_does_not_exist_is_told_first(wrong: list[str], advice: str, some: list[str]) -> None:
    with Terminal("scan", *some, *wrong, columns=200) as terminal:
        assert terminal.finish() == 2
    assert advice in terminal.shown.decode()


SHOW_80 = """\
host           port   status   service  product       version  banner
192.0.2.7      22     banner   ssh      OpenSSH       9.2p1    SSH-2.0-OpenSSH_…
203.0.113.155  10443  banner   http     Apache HTTPD  2.4.62   HTTP/1.1 200 OK
203.0.113.156  25     refused"""
SHOW_120 = """\
host           port   status   service  product       version  banner
192.0.2.7      22     banner   ssh      OpenSSH       9.2p1    SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
203.0.113.155  10443  banner   http     Apache HTTPD  2.4.62   HTTP/1.1 200 OK
203.0.113.156  25     refused"""
COUNT = """\
count  status   service
1      banner   http
1      banner   ssh
1      refused"""


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [(80, [], SHOW_80), (120, [], SHOW_120), (80, ["--count", "status,service"], COUNT)],
)
def test_a_table(columns: int, options: list[str], expected: str, tmp_path: Path) -> None:
    grabs = [
        Grab(
            1.0,
            "192.0.2.7",
            22,
            Status.BANNER,
            banner=SSH,
            service=Service("ssh", "OpenBSD", "OpenSSH", "9.2p1"),
        ),
        Grab(
            1.0,
            "203.0.113.155",
            10443,
            Status.BANNER,
            banner=b"HTTP/1.1 200 OK\r\n\r\n",
            service=Service("http", "Apache", "HTTPD", "2.4.62"),
        ),
        Grab(1.0, "203.0.113.156", 25, Status.REFUSED),
    ]
    path = tmp_path / "scan.jsonl"
    path.write_bytes(b"".join(map(encode, grabs)))
    with Terminal("show", str(path), *options, columns=columns) as terminal:
        assert terminal.finish() == 0
    assert screen(terminal.shown) == expected.splitlines()


CARD = """\
127.0.0.1:PORT   banner
  tls/http Apache HTTPD 2.4.62
  cpe:2.3:a:apache:http_server:2.4.62:*:*:*:*:*:*:*
  cpe:2.3:o:debian:debian_linux:*:*:*:*:*:*:*:*
  tls             TLSv1.3, TLS_AES_256_GCM_SHA384, GROUP
  certificate     www.example, mail.example (not 127.0.0.1)
  issued by       OU=Testing,O=Example CA
  until           DATE (34 days left)
  title           Welcome to the mail of 日本
  http version    1.1
  status          200
  server          Apache/2.4.62 (Debian)
  content length  44
  said            tls, http
  took            connect TIME, tls TIME, first byte TIME, total TIME
  | HTTP/1.1 200 OK
  | Server: Apache/2.4.62 (Debian)
  | Content-Length: 44
  |
  | <title>Welcome to the mail of 日本</title>"""


@pytest.mark.parametrize("columns", [80, 120])
def test_a_card_of_an_https_server(https: Server, columns: int) -> None:
    with Terminal("grab", f"https://127.0.0.1:{https.port}/", columns=columns) as terminal:
        assert terminal.finish() == 0
    assert screen(terminal.shown) == CARD.splitlines()


def test_several_are_told_in_the_order_that_was_asked_for(some: list[str], https: Server) -> None:
    web = f"https://127.0.0.1:{https.port}/"
    with Terminal("grab", some[4], web, some[0], *LISTENING) as terminal:
        assert terminal.finish() == 1
    assert [line.split()[-1] for line in screen(terminal.shown) if line.startswith("127.")] == [
        "silent",
        "silent",
        "banner",
    ]


def test_who_waits_is_told_what_for(some: list[str]) -> None:
    with Terminal(
        "grab", some[0], some[4], "--mode", "listen", "--timeout", "60", "--read-timeout", "59"
    ) as terminal:
        terminal.until(b"OpenSSH")
        terminal.until(b"(up to 60 s)")
        terminal.type(b"\x03")
        assert terminal.finish() == 130
    word = terminal.shown.decode().rpartition("waiting ")[2]
    assert some[4] in word
    assert some[0] not in word
    assert word.endswith("\r\x1b[2K")


DEMO_80 = """\
127.0.0.1:PORT         banner                           Connection Established
127.0.0.1:PORT         banner      ftp ProFTPD 1.3.8    220 ProFTPD 1.3.8 Serve…
127.0.0.1:PORT         banner      imap Dovecot         * OK [CAPABILITY IMAP4r…
127.0.0.1:PORT         banner      mysql Oracle MySQL 8.0.36 server_version 8.0…
127.0.0.1:PORT         banner      pop3 Dovecot         +OK Dovecot (Debian) re…
127.0.0.1:PORT         banner      smtp Postfix         220-mail.example ESMTP …
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1    SSH-2.0-OpenSSH_9.2p1 D…
127.0.0.1:PORT         banner      telnet Debian        Debian GNU/Linux 12
127.0.0.1:PORT         closed
127.0.0.1:PORT         refused                          ECONNREFUSED: Connectio…
127.0.0.1:PORT         silent
11 servers on loopback; banner scan --all says:
11 targets, 11 records, in TIME. Try your own:
  banner scan 127.0.0.1 -p 22,25,80 -o scan.jsonl"""
DEMO_120 = """\
127.0.0.1:PORT         banner                                       Connection Established
127.0.0.1:PORT         banner      ftp ProFTPD 1.3.8                220 ProFTPD 1.3.8 Server (Demo) [127.0.0.1]
127.0.0.1:PORT         banner      imap Dovecot                     * OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS …
127.0.0.1:PORT         banner      mysql Oracle MySQL 8.0.36        server_version 8.0.36, auth_plugin caching_sha2_pas…
127.0.0.1:PORT         banner      pop3 Dovecot                     +OK Dovecot (Debian) ready.
127.0.0.1:PORT         banner      smtp Postfix                     220-mail.example ESMTP Postfix (Debian/GNU)
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1                SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
127.0.0.1:PORT         banner      telnet Debian                    Debian GNU/Linux 12
127.0.0.1:PORT         closed
127.0.0.1:PORT         refused                                      ECONNREFUSED: Connection refused
127.0.0.1:PORT         silent
11 servers on loopback; banner scan --all says:
11 targets, 11 records, in TIME. Try your own:
  banner scan 127.0.0.1 -p 22,25,80 -o scan.jsonl"""


@pytest.mark.parametrize(("columns", "expected"), [(80, DEMO_80), (120, DEMO_120)])
def test_the_demo(columns: int, expected: str) -> None:
    assert seen("demo", columns=columns) == expected.splitlines()
