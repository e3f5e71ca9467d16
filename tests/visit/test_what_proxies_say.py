"""What a proxy answers and hears: every reply that Debian's never give, a name for its client, no proxy at all."""

from __future__ import annotations

import re
from typing import Any

import pytest

import banner
from banner import Grab, Status, Target, Timeouts, testing
from banner.addresses.proxies import parse_proxy
from tests.visit.proxied import SHORT

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
