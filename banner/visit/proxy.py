"""Through a proxy to a target: SOCKS5 (RFC 1928, RFC 1929) and HTTP's CONNECT (RFC 9110, section 9.3.6).

What the proxy says of the target is the target's status; what is wrong with the proxy is `ProxyError`. Answers are read
to their last byte and no further: what a server says at once comes right behind them.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from binascii import b2a_base64
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from ..addresses.proxies import Proxy
from ..addresses.socket_address import literal
from ..models import Status
from ..text.patterns import lazily
from ..text.safe import safe, where
from .failures import EXHAUSTED, reason, status_of
from .source import Source
from .transport import Connection

_Said = tuple[Status | None, str]
"""What a proxy says of a target; no status where it says something of itself."""

_REPLIES: Final[dict[int, _Said]] = {
    1: (None, "general failure"),
    2: (Status.DENIED, "its rules do not allow the connection"),
    3: (Status.UNREACHABLE, "network unreachable"),
    4: (Status.UNREACHABLE, "host unreachable"),
    5: (Status.REFUSED, "connection refused"),
    6: (Status.TIMEOUT, "TTL expired"),
    7: (None, "command not supported"),
    8: (None, "address type not supported"),
}
"""REP (RFC 1928, section 6). Proxies say 6 where nobody answered them in time (Tor, microsocks)."""
_STATUSES: Final[dict[int, _Said]] = {
    403: (Status.DENIED, "its rules do not allow the connection"),
    500: (Status.UNREACHABLE, "it could not connect"),
    502: (Status.UNREACHABLE, "it could not connect"),
    503: (Status.UNREACHABLE, "it could not connect"),
    504: (Status.TIMEOUT, "no answer in time"),
}
"""CONNECT's status codes (RFC 9110, section 15), where the proxy says nothing closer; others are its own affair."""
_ERRORS: Final = {
    b"connection_refused": Status.REFUSED,
    b"connection_timeout": Status.TIMEOUT,
    b"connection_terminated": Status.RESET,
    b"destination_ip_unroutable": Status.UNREACHABLE,
    b"destination_unavailable": Status.UNREACHABLE,
    b"destination_ip_prohibited": Status.DENIED,
    b"dns_error": Status.DNS_ERROR,
    b"dns_timeout": Status.DNS_ERROR,
    b"http_request_denied": Status.DENIED,
}
"""The error of a ``Proxy-Status`` field (RFC 9209, section 2.3)."""
_PROXY_STATUS: Final = lazily(rb"(?im)^proxy-status:([^\r\n]{1,1024})")
_ERROR: Final = lazily(rb'(?i);[ \t]?error="?([a-z_]{1,64})')
_SQUID: Final = lazily(rb"(?im)^x-squid-error: *(ERR_[A-Z_]+) +(\d+)")
"""Squid's own field: its error's name, and the system's number."""


class ProxyError(Exception):
    """The proxy cannot be reached, does not let us in, or is none; the text says which and why."""


class Refused(Exception):  # noqa: N818 - an outcome
    """What the proxy says of the target: ``status``, and why."""

    def __init__(self, status: Status, why: str) -> None:
        super().__init__(why)
        self.status = status


async def tunnel(proxy: Proxy, host: str, port: int, until: float, source: Source | None) -> Connection:
    """A connection to `host` (an address, or a name where the proxy takes names) through `proxy`, until `until`.

    Raises `ProxyError`, `Refused`, `TimeoutError` where the target did not answer to the proxy, and `OSError` where
    this machine has run out of something.
    """
    with _of_itself(proxy):
        connection = await _reached(proxy, source, until)
    try:
        if proxy.scheme != "http":
            with _of_itself(proxy):
                async with asyncio.timeout_at(until):
                    await _let_in(proxy, connection)
        async with asyncio.timeout_at(until):
            if proxy.scheme == "http":
                await _connect(proxy, connection, host, port)
            else:
                await _socks(proxy, connection, host, port)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _reached(proxy: Proxy, source: Source | None, until: float) -> Connection:
    """A connection to the proxy: where it has a name, at the first address that accepts."""
    addresses = [proxy.host]
    if not literal(proxy.host):
        async with asyncio.timeout_at(until):
            addresses = await _addresses(proxy)
    for ip in addresses[:-1]:
        with suppress(OSError):
            return await Connection.open(ip, proxy.port, source, until)
    return await Connection.open(addresses[-1], proxy.port, source, until)


async def _addresses(proxy: Proxy) -> list[str]:
    """By the system's resolver, which would hold the loop where `connect` asked it."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise ProxyError(f"the proxy {proxy}: {error.strerror}") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@contextmanager
def _of_itself(proxy: Proxy) -> Iterator[None]:
    """What goes wrong here is the proxy's own affair."""
    try:
        yield
    except TimeoutError:
        raise ProxyError(f"the proxy {proxy}: no answer in time") from None
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        raise ProxyError(f"the proxy {proxy}: {reason(error.errno, str(error))}") from None


async def _let_in(proxy: Proxy, connection: Connection) -> None:
    """Agree upon a method, and say who asks (RFC 1928, section 3; RFC 1929)."""
    connection.write(b"\x05\x01\x00" if proxy.user is None else b"\x05\x02\x00\x02")
    version, method = await _exactly(proxy, connection, 2)
    if version != 5:
        raise ProxyError(f"the proxy {proxy}: it does not speak SOCKS5")
    if method == 2 and proxy.user is not None:
        connection.write(b"\x01" + _counted(proxy.user.encode()) + _counted(proxy.password.encode()))
        if (await _exactly(proxy, connection, 2))[1]:
            raise ProxyError(f"the proxy {proxy}: user or password are not accepted")
    elif method:
        raise ProxyError(f"the proxy {proxy}: it does not let us in (method {method:#04x})")


async def _socks(proxy: Proxy, connection: Connection, host: str, port: int) -> None:
    """Have it connect (RFC 1928, sections 4 to 6)."""
    connection.write(b"\x05\x01\x00" + _address(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = await _exactly(proxy, connection, 4)
    if version != 5:
        raise ProxyError(f"the proxy {proxy}: its answer is none of SOCKS5")
    if reply:
        status, why = _REPLIES.get(reply, (None, f"reply {reply:#04x}"))
        raise _failure(proxy, status, why)
    length = {1: 4, 4: 16}.get(kind)
    if length is None:
        length = (await _exactly(proxy, connection, 1))[0]
    await _exactly(proxy, connection, length + 2)


def _address(host: str) -> bytes:
    from ipaddress import ip_address

    if not literal(host):
        return b"\x03" + _counted(host.encode())
    packed = ip_address(host.partition("%")[0]).packed
    return (b"\x01" if len(packed) == 4 else b"\x04") + packed


def _counted(data: bytes) -> bytes:
    return bytes([len(data)]) + data


async def _connect(proxy: Proxy, connection: Connection, host: str, port: int) -> None:
    place = where(host, port)
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.user is not None:
        credentials = b2a_base64(f"{proxy.user}:{proxy.password}".encode(), newline=False).decode()
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    connection.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    while True:
        head = await _asked(proxy, lambda: connection.until(b"\r\n\r\n"))
        first = head.partition(b"\r\n")[0].split(b" ", 2)
        if not first[0].startswith(b"HTTP/1.") or len(first) < 2 or not first[1].isdigit():
            raise ProxyError(f"the proxy {proxy}: its answer is none of HTTP/1.1")
        code = int(first[1])
        if code >= 200:
            break
    if code < 300:
        return
    status, why = _of_head(head) or _STATUSES.get(code) or (None, "")
    raise _failure(
        proxy, status, f"{code} {safe((first[2:] or [b''])[0].decode('latin-1'))[:60]}".strip(), why
    )


def _of_head(head: bytes) -> _Said | None:
    """What a proxy says closer."""
    if (field := _PROXY_STATUS.search(head)) and (found := _ERROR.search(field[1])) and found[1] in _ERRORS:
        return _ERRORS[found[1]], found[1].decode()
    if found := _SQUID.search(head):
        name, number = found[1].decode(), int(found[2])
        if name == "ERR_DNS_FAIL":
            return Status.DNS_ERROR, name
        if name == "ERR_ACCESS_DENIED":
            return Status.DENIED, name
        if number in errno.errorcode:
            return status_of(number), reason(number)
    return None


def _failure(proxy: Proxy, status: Status | None, *why: str) -> Exception:
    told = f"the proxy {proxy}: {': '.join(filter(None, why))}"
    return ProxyError(told) if status is None or status is Status.LOCAL_ERROR else Refused(status, told)


async def _exactly(proxy: Proxy, connection: Connection, count: int) -> bytes:
    return await _asked(proxy, lambda: connection.exactly(count))


async def _asked(proxy: Proxy, read: Callable[[], Awaitable[bytes]]) -> bytes:
    """What is read of the proxy's answer."""
    try:
        return await read()
    except asyncio.IncompleteReadError:
        raise ProxyError(f"the proxy {proxy}: it hung up") from None
    except asyncio.LimitOverrunError:
        raise ProxyError(f"the proxy {proxy}: its answer is too long") from None
