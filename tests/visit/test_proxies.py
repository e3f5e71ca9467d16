"""Proxies (Debian's, and ones that say what none of them says), and where connections begin."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Grab, Policy, Status, Target, Timeouts, testing
from banner.addresses.proxies import parse_proxy
from banner.cli.commands.output import arguments
from banner.cli.options import build_parser
from banner.testing.server import bind
from banner.visit.source import source
from tests.command import Servers, records, run

SHORT = Timeouts(connect=1.5, read=5, total=15)


def microsocks(port: int, folder: Path) -> list[str]:
    return ["microsocks", "-i", "127.0.0.1", "-p", str(port)]


def danted(port: int, folder: Path) -> list[str]:
    (folder / "danted").write_text(
        f"logoutput: /dev/null\ninternal: 127.0.0.1 port={port}\nexternal: lo\nsocksmethod: none\nclientmethod: none\n"
        "user.privileged: root\nuser.unprivileged: nobody\n"
        "client pass { from: 0/0 to: 0/0 }\nsocks pass { from: 0/0 to: 0/0 }\n"
    )
    return ["danted", "-f", str(folder / "danted")]


def tinyproxy(port: int, folder: Path) -> list[str]:
    (folder / "tinyproxy").write_text(
        f"Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 300\nAllow 127.0.0.1\n"
    )
    return ["tinyproxy", "-d", "-c", str(folder / "tinyproxy")]


def squid(port: int, folder: Path) -> list[str]:
    (folder / "squid").write_text(
        f"http_port 127.0.0.1:{port}\nacl all src all\nhttp_access allow all\npid_filename {folder}/squid.pid\n"
        "cache_log /dev/null\naccess_log none\ncache_mem 1 MB\nshutdown_lifetime 0 seconds\npinger_enable off\n"
        "visible_hostname proxy.invalid\n"
    )
    return ["squid", "-N", "-f", str(folder / "squid")]


PROXIES: dict[str, tuple[str, str, Callable[[int, Path], list[str]]]] = {
    "microsocks": ("microsocks", "socks5", microsocks),
    "microsocks-names": ("microsocks", "socks5h", microsocks),
    "dante": ("dante-server", "socks5", danted),
    "tinyproxy": ("tinyproxy", "http", tinyproxy),
    "squid": ("squid", "http", squid),
}


@pytest.fixture(scope="module", params=list(PROXIES))
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package, scheme, command = PROXIES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    folder.chmod(0o755)
    with contextlib.closing(bind("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = command(port, folder)
    if shutil.which(words[0], path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
        pytest.skip(f"apt-get install {package}")
    path = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=path) as process:
        try:
            until = time.monotonic() + 40
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, words
                    assert time.monotonic() < until, words
                    time.sleep(0.05)
            yield f"{scheme}://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def alike(grab: Grab) -> tuple[object, ...]:
    return grab.host, grab.port, grab.status, grab.end, grab.banner, grab.service, grab.said


async def test_through_a_proxy_everything_is_as_without(proxy: str) -> None:
    """What a server says at once comes right behind the proxy's answer."""
    async with (
        testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n") as ssh,
        testing.greeter(testing.segments(b"220 mail.example ESMTP\r\n", 5)) as mail,
        testing.closer(b"goodbye\r\n") as closer,
        testing.closer() as silent,
    ):
        servers = (ssh, mail, closer, silent)
        targets = [Target("127.0.0.1", server.port) for server in servers]
        plain = [alike(await banner.grab(one.host, one.port, mode="listen")) for one in targets]
        through = [
            alike(await banner.grab(one.host, one.port, mode="listen", proxy=proxy)) for one in targets
        ]
        assert through == plain
        for how in ({"proxy": proxy}, {}):
            via = None if how else proxy
            listed = [Target(one.host, one.port, via=via) for one in targets]
            async with banner.scan(listed, mode="listen", **how) as results:  # type: ignore[arg-type]
                assert sorted([alike(grab) async for grab in results], key=str) == sorted(plain, key=str)


async def test_statuses_that_a_proxy_can_tell_are_true(proxy: str) -> None:
    async with testing.refuser() as refuser, testing.overloaded() as overloaded:
        grab = await banner.grab("127.0.0.1", refuser.port, proxy=proxy, timeouts=SHORT)
        vague = Status.UNREACHABLE  # tinyproxy says 500 and no more
        assert grab.status in ({Status.REFUSED, vague} if proxy.startswith("http") else {Status.REFUSED})
        assert grab.error is not None
        assert proxy in grab.error
        grab = await banner.grab("127.0.0.1", overloaded.port, proxy=proxy, timeouts=SHORT)
        assert grab.status is Status.TIMEOUT
        assert (await banner.grab("localhost", refuser.port, proxy=proxy)).ip == (
            None if proxy.startswith("socks5h") else "127.0.0.1"
        )


async def test_many_at_once_go_through_a_proxy(proxy: str) -> None:
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        targets = banner.targets("127.0.0.0/25", ports=server.port)
        async with banner.scan(targets, proxy=proxy, mode="listen", concurrency=100) as results:
            found = [(grab.host, grab.banner) async for grab in results]
        assert sorted(found) == sorted((one.host, b"hi\r\n") for one in targets)


@pytest.mark.parametrize("driver", [None, "streams"])
async def test_what_is_known_is_judged_before_the_proxy_hears_of_it(driver: Any) -> None:
    async with testing.silent() as proxy:
        policy = Policy(deny=["127.0.0.0/8", "::1"])
        for scheme in ("socks5", "socks5h", "http"):
            url = f"{scheme}://127.0.0.1:{proxy.port}"
            assert (await banner.grab("127.0.0.1", 22, proxy=url, policy=policy)).status is Status.DENIED
            targets = [Target("127.0.0.1", 22, via=url), Target("127.0.0.1", 23)]
            async with banner.scan(targets, policy=policy, driver=driver, proxy=url) as results:
                assert {grab.status async for grab in results} == {Status.DENIED}
        for scheme in ("socks5", "http"):
            url = f"{scheme}://127.0.0.1:{proxy.port}"
            assert (await banner.grab("localhost", 22, proxy=url, policy=policy)).status is Status.DENIED
        assert proxy.connections == 0


# -- proxies that say what they are told to -----------------------------------------------------------

GREETED = (b"\x05\x01\x00", b"\x05\x00")
ASKED = re.compile(rb"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x16")
CONNECT = re.compile(rb"CONNECT 127\.0\.0\.1:22 HTTP/1\.1\r\nHost: 127\.0\.0\.1:22\r\n\r\n")


async def told(scheme: str, *script: Any, who: str = "", **how: Any) -> Grab:
    async with testing.conversation(script) as proxy:
        url = f"{scheme}://{who}127.0.0.1:{proxy.port}"
        return await banner.grab("127.0.0.1", 22, proxy=url, **{"timeouts": SHORT, "mode": "listen", **how})


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (1, Status.LOCAL_ERROR), (2, Status.DENIED), (3, Status.UNREACHABLE), (4, Status.UNREACHABLE),
        (5, Status.REFUSED), (6, Status.TIMEOUT), (7, Status.LOCAL_ERROR), (8, Status.LOCAL_ERROR),
        (200, Status.LOCAL_ERROR),
    ],
)  # fmt: skip
async def test_what_socks_replies(reply: int, status: Status) -> None:
    grab = await told("socks5", GREETED, (ASKED, bytes([5, reply, 0, 1]) + bytes(6)))
    assert grab.status is status
    assert grab.error is not None
    assert grab.error.startswith("the proxy socks5://127.0.0.1:")
    assert (grab.connections, grab.sent, grab.received) == (0, 0, 0), "the proxy's bytes are not the target's"


@pytest.mark.parametrize("bound", [b"\x01" + bytes(6), b"\x03\x04name\x00\x00", b"\x04" + bytes(18)])
async def test_a_greeting_right_behind_socks_reply(bound: bytes) -> None:
    grab = await told("socks5", GREETED, (ASKED, b"\x05\x00\x00" + bound + b"SSH-2.0-x\r\n"))
    assert (grab.status, grab.banner, grab.received) == (Status.BANNER, b"SSH-2.0-x\r\n", 11)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"403 Forbidden", Status.DENIED), (b"502 Bad Gateway", Status.UNREACHABLE),
        (b"504 Gateway Timeout", Status.TIMEOUT), (b"407 Who?", Status.LOCAL_ERROR),
        (b"404 Not Found", Status.LOCAL_ERROR), (b"301 Elsewhere", Status.LOCAL_ERROR),
        (b"502 x\r\nProxy-Status: p; error=connection_refused", Status.REFUSED),
        (b"502 x\r\nProxy-Status: p; error=dns_error; rcode=NXDOMAIN", Status.DNS_ERROR),
        (b"503 x\r\nX-Squid-Error: ERR_CONNECT_FAIL 113", Status.UNREACHABLE),
        (b"503 x\r\nX-Squid-Error: ERR_DNS_FAIL 0", Status.DNS_ERROR),
    ],
)  # fmt: skip
async def test_what_connect_is_answered(answer: bytes, status: Status) -> None:
    grab = await told("http", (CONNECT, b"HTTP/1.1 " + answer + b"\r\n\r\n"))
    assert grab.status is status
    assert grab.error is not None
    assert grab.error.startswith("the proxy http://127.0.0.1:")


async def test_a_greeting_right_behind_connects_answer() -> None:
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n"
    grab = await told("http", (CONNECT, head + b"SSH-2.0-x\r\n"))
    assert (grab.status, grab.banner) == (Status.BANNER, b"SSH-2.0-x\r\n")


async def test_who_asks_is_said() -> None:
    script = [
        (b"\x05\x02\x00\x02", b"\x05\x02"),
        (b"\x01\x02me\x03p@w", b"\x01\x00"),
        (ASKED, b"\x05\x05\x00\x01" + bytes(6)),
    ]
    assert (await told("socks5", *script, who="me:p%40w@")).status is Status.REFUSED
    basic = re.compile(rb"CONNECT .*\r\nProxy-Authorization: Basic bWU6cEB3\r\n\r\n", re.DOTALL)
    grab = await told("http", (basic, b"HTTP/1.1 504 Late\r\n\r\n"), who="me:p%40w@")
    assert grab.status is Status.TIMEOUT
    refused = await told("socks5", script[0], (script[1][0], b"\x01\x01"), who="me:p%40w@")
    assert refused.status is Status.LOCAL_ERROR
    for found in (grab, refused):
        assert "p@w" not in str(found)
        assert "p%40w" not in str(found)


@pytest.mark.parametrize("scheme", ["socks5", "http"])
@pytest.mark.parametrize(
    "kind", [testing.closer, testing.resetter, testing.refuser, testing.flooder, testing.silent]
)
async def test_what_is_no_proxy_is_a_local_error(scheme: str, kind: Any) -> None:
    async with kind() as server:
        grab = await banner.grab(
            "127.0.0.1", 22, proxy=f"{scheme}://127.0.0.1:{server.port}", timeouts=Timeouts(connect=0.3)
        )
    silent_to_connect = kind is testing.silent and scheme == "http"  # as where the target does not answer
    assert grab.status is (Status.TIMEOUT if silent_to_connect else Status.LOCAL_ERROR)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
async def test_the_environment_is_not_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with testing.silent() as proxy, testing.greeter(b"hi\r\n") as server:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await banner.grab("127.0.0.1", server.port)).banner == b"hi\r\n"
        assert proxy.connections == 0


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:1080", "ftp://h:1", "socks5://", "socks5://h:99999", "socks5://h/path", "socks5://:x@h", "http://a b",
     "socks5://u:" + "x" * 256 + "@h", "socks5://u%0d:p@h", 7],
)  # fmt: skip
async def test_what_is_no_proxys_url_is_refused(url: Any) -> None:
    for use in (
        lambda: parse_proxy(url),
        lambda: Target("h", 1, via=url),
        lambda: banner.scan([], proxy=url),
    ):
        with pytest.raises((ValueError, TypeError)):
            use()
    with pytest.raises((ValueError, TypeError)):
        await banner.grab("127.0.0.1", 1, proxy=url)


def test_usual_ports_and_no_password_in_texts() -> None:
    assert str(parse_proxy("socks5h://me:secret@[::1]")) == "socks5h://[::1]:1080"
    assert parse_proxy("http://proxy.example").port == 8080


# -- where connections begin --------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is this machine on Linux")
@pytest.mark.parametrize("driver", ["sweep", "streams", None])
async def test_a_peer_sees_the_source(driver: Any) -> None:
    seen: list[str] = []

    async def look(connection: testing.Connection) -> None:
        seen.append(connection.peer)
        await connection.write(b"hi\r\n")

    begin = source("127.0.0.77")
    async with testing.serve(look) as server:
        async with banner.scan(
            [Target("127.0.0.1", server.port)] * 3, driver=driver, source=begin
        ) as results:
            assert [grab.banner async for grab in results] == [b"hi\r\n"] * 3
        assert (await banner.grab("127.0.0.1", server.port, source=begin)).banner == b"hi\r\n"
    assert seen == ["127.0.0.77"] * 4


@pytest.mark.parametrize("place", ["192.0.2.1", "127.0.0.1:9-1", "127.0.0.1:x", "nonsense", "[::1", ""])
def test_a_source_that_cannot_be_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match=r"source|sent from|address"):
        source(place)
    assert source() is None


# -- the command line ---------------------------------------------------------------------------------


@pytest.fixture
def names() -> Iterator[str]:
    """A name server that knows one address for all names; the address at which it listens."""
    address = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.53"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((address, 53))
        except OSError:
            pytest.skip("port 53 is not permitted here")

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    query, client = sock.recvfrom(512)
                    if query == b"over":
                        return
                    end = query.index(b"\0", 12) + 5
                    is_a = query[end - 4 : end - 2] == b"\0\1"
                    head = query[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + bytes(4)
                    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_a else b""
                    sock.sendto(head + query[12:end] + record, client)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield address
        sock.sendto(b"over", (address, 53))
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is this machine on Linux")
def test_the_command_line_has_them_all(names: str, tmp_path: Path) -> None:
    with Servers() as servers:
        seen: list[str] = []

        async def look(connection: testing.Connection) -> None:
            seen.append(connection.peer)
            await connection.write(b"hi\r\n")

        server = servers.start(lambda: testing.serve(look))
        done = run("scan", f"some.example:{server.port}", "--mode", "listen", "-o", "-", "--dns", names,
                   "--dns-timeout", "3", "--dns-rate", "50", "--source", "127.0.0.78")  # fmt: skip
        (record,) = records(done.stdout)
        assert (record["banner"], record["ip"], seen) == ("hi\r\n", "127.0.0.1", ["127.0.0.78"])
        script = [(b"\x05\x02\x00\x02", b"\x05\xff")]
        proxy = servers.start(lambda: testing.conversation(script))
        out = tmp_path / "scan.jsonl"
        url = f"socks5://me:secret@127.0.0.1:{proxy.port}"
        run("scan", f"127.0.0.1:{server.port}", "-o", str(out), "--proxy", url)
        (record,) = records(out.read_bytes())
        assert record["status"] == "local-error"
        assert "secret" not in out.read_text()


@pytest.mark.parametrize(
    "words", [("--proxy", "ftp://x"), ("--source", "192.0.2.1"), ("--dns", "ns.example")]
)
def test_the_command_line_refuses_what_cannot_be(words: tuple[str, str]) -> None:
    done = run("scan", "127.0.0.1:9", "-o", "-", *words)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_no_password_is_written_down(tmp_path: Path) -> None:
    parser = build_parser()
    options = parser.parse_args(["scan", "127.0.0.1:9", "--proxy", "socks5://me:secret@127.0.0.1"])
    assert "secret" not in str(arguments(options))
    assert arguments(options)["proxy"] == "socks5://127.0.0.1:1080"
