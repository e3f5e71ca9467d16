"""Proxies that do what none of Debian's does: half answers, resets, other protocols, one byte at a time."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import Any

import pytest

import banner
from banner import Grab, Status, Timeouts, testing

SOCKS, HTTP = "socks5", "http"
IN = b"\x05\x00"
"""It lets us in (RFC 1928, section 3)."""
DONE = b"\x05\x00\x00\x01" + bytes(6)
OK = b"HTTP/1.1 200 OK\r\n\r\n"
HI = b"SSH-2.0-x\r\n"
RESET, CLOSE = "reset", "close"
PATIENT, SHORT = Timeouts(connect=20, read=1, total=40), Timeouts(connect=0.5, read=1)


async def through(scheme: str, *acts: bytes | str, slow: bool = False, who: str = "", **how: Any) -> Grab:
    """What comes of a target behind a proxy that meets what it hears with one of `acts` after the other."""

    async def meet(connection: testing.Connection) -> None:
        for answer in acts:
            await connection.read()
            if answer is RESET:
                connection.reset()
            if isinstance(answer, str):
                return
            for piece in [bytes([byte]) for byte in answer] if slow else [answer]:
                await connection.write(piece)
                await asyncio.sleep(0)
        await connection.hold()

    host = how.pop("host", "127.0.0.1")
    async with testing.serve(meet) as proxy:
        url = f"{scheme}://{who}127.0.0.1:{proxy.port}"
        return await banner.grab(host, 22, proxy=url, mode="listen", **{"timeouts": PATIENT, **how})


@pytest.mark.parametrize(
    ("scheme", "acts", "said"),
    [
        (SOCKS, [CLOSE], "hung up"),
        (SOCKS, [RESET], "hung up|ECONNRESET"),
        (SOCKS, [b"\x05\xff"], "does not let us in"),
        (SOCKS, [b"\x05\x01"], "does not let us in"),  # GSSAPI, which was not offered
        (SOCKS, [b"\x05\x02"], "does not let us in"),  # user and password, which were not offered
        (SOCKS, [b"\x04\x5a" + bytes(6)], "does not speak SOCKS5"),
        (SOCKS, [b"\x00\x5b" + bytes(6)], "does not speak SOCKS5"),
        (SOCKS, [b"HTTP/1.1 400 Bad Request\r\n\r\n"], "does not speak SOCKS5"),
        (SOCKS, [b"SSH-2.0-OpenSSH_9.2\r\n"], "does not speak SOCKS5"),
        (SOCKS, [b"\x15\x03\x01\x00\x02\x02\x46"], "does not speak SOCKS5"),  # an alert of TLS
        (SOCKS, [IN, CLOSE], "hung up"),
        (SOCKS, [IN, RESET], "hung up|ECONNRESET"),
        (SOCKS, [IN, b"\x04\x00\x00\x01" + bytes(6)], "none of SOCKS5"),
        (SOCKS, [IN, b"\x05\x09\x00\x01" + bytes(6)], "reply 0x09"),
        (SOCKS, [IN, b"\x05\xf6\x00\x01" + bytes(6)], "reply 0xf6"),  # Tor's own, of onion services
        (HTTP, [CLOSE], "hung up"),
        (HTTP, [RESET], "hung up|ECONNRESET"),
        (HTTP, [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], "none of HTTP"),
        (HTTP, [b"\x05\xff\r\n\r\n"], "none of HTTP"),
        (HTTP, [b"HTTP/2 200\r\n\r\n"], "none of HTTP"),
        (HTTP, [b"HTTP/1.1 two hundred\r\n\r\n"], "none of HTTP"),
        (HTTP, [b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"], "407"),
        (HTTP, [b"HTTP/1.1 401 Unauthorized\r\n\r\n"], "401"),
        (HTTP, [b"HTTP/1.1 405 Method Not Allowed\r\n\r\n"], "405"),
        (HTTP, [b"HTTP/1.1 400 Bad Request\r\n\r\n"], "400"),
        (HTTP, [b"HTTP/1.1 429 Too Many Requests\r\n\r\n"], "429"),
        (HTTP, [b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000], "too long"),
    ],
)  # fmt: skip
async def test_what_the_proxy_gets_wrong_is_no_status_of_the_target(
    scheme: str, acts: list[Any], said: str
) -> None:
    grab = await through(scheme, *acts)
    assert grab.status is Status.LOCAL_ERROR, grab
    assert grab.error is not None
    assert grab.error.startswith(f"the proxy {scheme}://127.0.0.1:")
    assert re.search(said, grab.error), grab.error
    assert (grab.banner, grab.sent, grab.received) == (b"", 0, 0)


@pytest.mark.parametrize(
    ("scheme", "acts", "who"),
    [
        (SOCKS, [b"\x05\x02", b"\x01\x01"], "me:wrong@"),
        (SOCKS, [b"\x05\x02", CLOSE], "me:wrong@"),
        (SOCKS, [b"\x05\x02", RESET], "me:wrong@"),
        (SOCKS, [b"\x05\xff"], "me:wrong@"),
        (HTTP, [b"HTTP/1.1 407 No\r\n\r\n"], "me:wrong@"),
    ],
)  # fmt: skip
async def test_credentials_that_are_not_accepted(scheme: str, acts: list[Any], who: str) -> None:
    grab = await through(scheme, *acts, who=who)
    assert grab.status is Status.LOCAL_ERROR
    assert "wrong" not in str(grab)


async def test_a_proxy_may_let_in_whom_it_does_not_ask() -> None:
    assert (await through(SOCKS, IN, DONE + HI, who="me:secret@")).banner == HI


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(
    ("scheme", "acts"),
    [
        (SOCKS, [IN, DONE + HI]),
        (SOCKS, [IN, b"\x05\x00\x00\x03\x09localhost\x04\x38" + HI]),
        (SOCKS, [IN, b"\x05\x00\x00\x04" + bytes(18) + HI]),
        (HTTP, [OK + HI]),
        (HTTP, [b"HTTP/1.0 200\r\n\r\n" + HI]),
        (HTTP, [b"HTTP/1.1 204 Fine\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + HI]),
    ],
)
async def test_answers_in_whatever_pieces(scheme: str, acts: list[Any], slow: bool) -> None:
    """Length fields of an answer to CONNECT say nothing (RFC 9110, section 9.3.6)."""
    grab = await through(scheme, *acts, slow=slow)
    assert (grab.status, grab.banner, grab.received) == (Status.BANNER, HI, len(HI))


async def test_what_a_proxy_says_cannot_act_on_a_terminal() -> None:
    head = b"HTTP/1.1 403 \x1b[2J\xe2\x80\xae\r\nProxy-Status: p; error=proxy_configuration_error\r\n\r\n"
    grab = await through(HTTP, head)
    assert grab.status is Status.DENIED
    assert grab.error is not None
    assert grab.error.isprintable()


async def test_a_proxy_that_stops_before_it_lets_us_in() -> None:
    grab = await through(SOCKS, b"\x05", timeouts=SHORT)
    assert grab.status is Status.LOCAL_ERROR
    assert "no answer in time" in str(grab.error)


@pytest.mark.parametrize(("scheme", "acts"), [(SOCKS, [IN, b""]), (HTTP, [b""]), (SOCKS, [IN, b"\x05\x00"])])
async def test_no_answer_to_the_request_is_the_targets_silence(scheme: str, acts: list[Any]) -> None:
    assert (await through(scheme, *acts, timeouts=SHORT)).status is Status.TIMEOUT


@pytest.mark.parametrize(
    ("scheme", "host", "asked"),
    [
        (SOCKS, "::1", b"\x05\x01\x00\x04" + bytes(15) + b"\x01\x00\x16"),
        ("socks5h", "mail.example", b"\x05\x01\x00\x03\x0cmail.example\x00\x16"),
        ("socks5h", "bücher.example", b"\x05\x01\x00\x03\x15xn--bcher-kva.example\x00\x16"),
        ("socks5h", "::1", b"\x05\x01\x00\x04" + bytes(15) + b"\x01\x00\x16"),
        (HTTP, "::1", b"CONNECT [::1]:22 HTTP/1.1\r\nHost: [::1]:22\r\n\r\n"),
    ],
)
async def test_how_a_target_is_named_to_the_proxy(scheme: str, host: str, asked: bytes) -> None:
    script = [(asked, OK + HI)] if scheme == HTTP else [(b"\x05\x01\x00", IN), (asked, DONE + HI)]
    async with testing.conversation(script) as proxy:
        grab = await banner.grab(host, 22, proxy=f"{scheme}://127.0.0.1:{proxy.port}", mode="listen")
    assert (grab.status, grab.banner) == (Status.BANNER, HI)


async def test_a_proxy_at_ipv6() -> None:
    async with testing.conversation(
        [(b"\x05\x01\x00", IN), (re.compile(b".+"), DONE + HI)], host="::1"
    ) as proxy:
        grab = await banner.grab("127.0.0.1", 22, proxy=f"socks5://[::1]:{proxy.port}", mode="listen")
    assert grab.banner == HI


@pytest.mark.parametrize(("act", "status"), [(CLOSE, Status.CLOSED), (b"", Status.SILENT)])
async def test_what_happens_once_it_is_connected_is_the_targets(act: bytes | str, status: Status) -> None:
    async def meet(connection: testing.Connection) -> None:
        for answer in (IN, DONE):
            await connection.read()
            await connection.write(answer)
        if act is not CLOSE:
            await connection.hold()

    async with testing.serve(meet) as proxy:
        url = f"socks5://127.0.0.1:{proxy.port}"
        grab = await banner.grab("127.0.0.1", 22, proxy=url, mode="listen", timeouts=PATIENT)
    assert grab.status is status


async def test_a_proxy_with_a_name_is_reached_at_the_address_that_accepts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The loop's resolver is asked: `connect` would look the name up itself, and hold the loop meanwhile."""

    async def found(host: str, port: int, **how: Any) -> list[Any]:
        assert host == "proxy.invalid"
        addresses = [
            (ip, port, *rest) for ip, rest in (("::1", (0, 0)), ("127.0.0.1", ()), ("192.0.2.1", ()))
        ]
        return [(0, socket.SOCK_STREAM, 6, "", address) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found, raising=False)

    async def meet(connection: testing.Connection) -> None:
        await connection.read()
        await connection.write(OK + HI)

    async with testing.serve(meet) as proxy:
        url = f"http://proxy.invalid:{proxy.port}"
        grab = await banner.grab("192.0.2.9", 22, proxy=url, mode="listen", timeouts=PATIENT)
    assert (grab.status, grab.banner) == (Status.BANNER, HI), grab


async def test_a_proxy_whose_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(host: str, port: int, **how: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found, raising=False)
    grab = await banner.grab("192.0.2.9", 22, proxy="socks5://proxy.invalid:1", timeouts=PATIENT)
    why = "the proxy socks5://proxy.invalid:1: Name or service not known"
    assert (grab.status, grab.error) == (Status.LOCAL_ERROR, why)
