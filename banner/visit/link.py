"""The link to one target: its name's addresses, one connection after the other, and dialogues through them.

All within the visit's deadline, as many connections as a plan may make, and each as the policy and a scan's rate
allow. What is seen on the way (address, times, number of connections) goes to the visit's findings.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..addresses.choice import to_try
from ..addresses.judge import judge
from ..addresses.proxies import parse_proxy
from ..addresses.socket_address import literal
from ..dialogue import QUIET, ROOM, Ended, Talk, Want, Wire
from ..models import End, Mode, Service, Settings, Status, Tls
from ..plan.hellos import MOST
from ..tls.errors import HandshakeError
from .failures import EXHAUSTED, RESETS, Failed, reason, status_of
from .findings import Findings
from .resolver import NO_ADDRESS, ResolveError, Resolver, lookup
from .transport import Connection

if TYPE_CHECKING:
    from ..addresses.proxies import Proxy
    from ..tls.session import Session
    from .source import Source

BACKOFF = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds to wait for descriptors or ports to come back, try by try: 1.5 s in all, several times what the
connections of a scan live, so that one that is still without after them has met more than a crowd."""

StartTls = Callable[[Wire], Awaitable[None]]

log: logging.Logger = logging.getLogger("banner")


async def _tunnel(proxy: Proxy, ip: str, port: int, until: float, source: Source | None) -> Connection:
    """`tunnel`, with what the proxy says as `Failed`."""
    from .proxy import ProxyError, Refused, tunnel  # for those who go through one

    try:
        return await tunnel(proxy, ip, port, until, source)
    except ProxyError as error:
        raise Failed(Status.LOCAL_ERROR, str(error)) from None
    except Refused as refused:
        raise Failed(refused.status, str(refused)) from None


class Link:
    """At most one connection at a time."""

    __slots__ = ("_found", "_place", "_proxy", "_settings", "_target", "connection", "deadline", "turn")

    def __init__(
        self,
        findings: Findings,
        settings: Settings,
        deadline: float,
        turn: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`turn` waits until a scan's rate allows one more connection."""
        self._found = findings
        self._target = findings.target
        self._settings = settings
        self.turn: Callable[[], Awaitable[None]] | None = turn
        self.deadline: float = deadline
        self.connection: Connection | None = None
        via = self._target.via or settings.proxy
        self._proxy = None if via is None else parse_proxy(via)
        self._place = ""

    async def resolve(self, resolver: Resolver | None) -> tuple[str, ...]:
        """The addresses of the target's host. Raises `Failed`."""
        host = self._target.ip or self._target.host
        if resolver is None or literal(host) or (self._proxy is not None and self._proxy.names):
            return (host,)
        started, own = time.monotonic(), None
        try:
            async with asyncio.timeout(self._settings.timeouts.total):
                addresses, own = await lookup(resolver, host)
        except ResolveError as error:
            own = error.seconds
            raise Failed(Status.DNS_ERROR, str(error)) from None
        except TimeoutError:
            raise Failed(Status.DNS_ERROR, "no answer before the deadline") from None
        finally:
            took = time.monotonic() - started
            own = took if own is None else own
            self._stand_still(took - own)
            self._found.timing["dns"] = own
        if not addresses:
            raise Failed(Status.DNS_ERROR, NO_ADDRESS)
        return addresses

    def _stand_still(self, seconds: float) -> None:
        """So long it waited in a queue of ours: that is not the target's time."""
        self.deadline += seconds
        self._found.began += seconds

    async def open_any(self, addresses: tuple[str, ...]) -> None:
        """Connect to the first of `addresses` that accepts, of a few (`to_try`); the last one's failure is raised."""
        policy = self._settings.policy
        if policy is not None and addresses != (self._target.host,) and all(map(literal, addresses)):
            port, self._found.ip = self._target.port, addresses[0]
            addresses = tuple(ip for ip in addresses if judge(policy, ip, port) is None) or addresses[:1]
        addresses = to_try(addresses)
        for number, ip in enumerate(addresses, 1):
            try:
                await self._open(ip)
                return
            except Failed as failed:
                if number == len(addresses) or time.monotonic() >= self.deadline:
                    raise
                log.debug("%s: %s %s", ip, failed.status, failed.error)

    async def _open(self, ip: str) -> None:
        self._place = ip
        named = not literal(ip)  # and resolved by the proxy: no address is known here
        self._found.ip = None if named else ip
        policy = self._settings.policy
        if policy is not None and not named and (refusal := judge(policy, ip, self._target.port)) is not None:
            raise Failed(Status.DENIED, refusal)
        for pause in (*BACKOFF, None):
            try:
                await self._connect(ip)
                return
            except TimeoutError as error:
                raise Failed(Status.TIMEOUT, reason(error.errno, "no answer in time")) from None
            except OSError as error:
                if error.errno in RESETS:
                    self._found.connections += 1
                    self.hold(Connection.reset_at_once(getattr(error, "heard", b"")))
                    return
                over = pause is None or time.monotonic() + pause >= self.deadline
                if pause is None or over or error.errno not in EXHAUSTED:
                    raise Failed(status_of(error.errno), reason(error.errno, str(error))) from None
                await asyncio.sleep(pause)

    async def _connect(self, ip: str) -> None:
        started = time.monotonic()
        until = min(started + self._settings.timeouts.connect, self.deadline)
        self._found.opened = started
        source = self._settings.source
        if self._proxy is not None:
            self.hold(await _tunnel(self._proxy, ip, self._target.port, until, source))
        else:
            self.hold(await Connection.open(ip, self._target.port, source, until))
        self._found.connections += 1
        self._found.timing.setdefault("connect", time.monotonic() - started)

    def hold(self, connection: Connection) -> None:
        """It is the one connection from now on."""
        connection.traffic = self._found.traffic
        connection.traffic.opened(self._found.ip or self._place)
        self.connection = connection

    async def reopen(self) -> bool:
        """A new connection to the same address; False where there is none, or were too many."""
        await self.hang_up()
        if not self.may_reopen:
            return False
        place = self._found.ip or self._place
        try:
            if self.turn is not None:
                began = time.monotonic()
                await self.turn()
                self._stand_still(time.monotonic() - began)
            await self._open(place)
            await self.settle()
        except Failed as failed:
            log.debug("%s: not again: %s %s", place, failed.status, failed.error)
            return False
        return True

    @property
    def may_reopen(self) -> bool:
        """Whether one more connection is not too many."""
        return self._found.connections < MOST[self._settings.mode]

    async def settle(self) -> None:
        """Before going on where a connection is open: see `Connection.settle`."""
        if self.connection is not None:
            await self.connection.settle()

    async def hang_up(self) -> None:
        """Close what is open."""
        if self.connection is not None:
            connection, self.connection = self.connection, None
            await connection.close()

    async def drive(
        self,
        name: str,
        talk: Talk,
        wire: Wire,
        until: float,
        first: float,
        start_tls: StartTls | None = None,
        want: Want | None = None,
    ) -> tuple[End, Service | None]:
        """Carry `talk` of the dialogue `name` on to its end; how it ended, and the service that it recognised.

        It has until `until`, but only until `first` for the first byte. `start_tls` shakes hands where it asks for it.
        Where it has begun already, `want` is what it waits for.
        """
        assert self.connection is not None
        try:
            want = want or next(talk)
            while True:
                self._write(name, wire)
                if want is Want.TLS and start_tls is not None:
                    await start_tls(wire)
                else:
                    await self._answer(want, wire, until if wire.received else first)
                want = talk.send(None)
        except StopIteration as done:
            return End.COMPLETE, done.value or wire.found
        except Ended as stopped:
            return stopped.end, wire.found
        finally:
            self._write(name, wire)

    def _write(self, name: str, wire: Wire) -> None:
        """Write what the dialogue `name` has to say."""
        assert self.connection is not None
        if out := wire.outgoing():
            traffic = self._found.traffic
            before = traffic.sent
            self.connection.write(out)
            if traffic.sent > before:  # to a connection that is over nothing is said
                traffic.speak(name, out, wire.sent)

    async def _answer(self, want: Want, wire: Wire, deadline: float) -> None:
        """Give the dialogue what it waits for: bytes, the end, or the knowledge of a pause."""
        assert self.connection is not None
        pause = time.monotonic() + QUIET
        pausing = want is Want.PAUSE and pause < deadline
        try:
            data = await self.connection.read(min(wire.room(), ROOM), pause if pausing else deadline)
        except TimeoutError:
            if pausing:
                wire.paused = True
            else:
                wire.close(End.DEADLINE)
            return
        if data:
            self._found.timing.setdefault("first_byte", time.monotonic() - self._found.opened)
            wire.feed(data)
        else:
            wire.close(self.connection.ending)

    def until(self, patience: float | None) -> float:
        """When what is waited for now with `patience`, or with all that there is, has not come in time."""
        read = self._settings.timeouts.read
        return min(time.monotonic() + (read if patience is None else min(patience, read)), self.deadline)

    async def shake_hands(
        self,
        *,
        alpn: tuple[str, ...] = (),
        patience: float | None = None,
        starttls: str | None = None,
        session: Session | None = None,
        modest: bool = False,
    ) -> tuple[Tls, bytes]:
        """A handshake on the open connection: what it showed, and the bytes that came. A `session` has begun it; a
        `modest` one offers little. `alpn` is what is offered."""
        from ..tls.session import Session
        from ..tls.tds import InTds

        assert self.connection is not None
        begun = session is not None
        if session is None:
            brief = self._settings.mode is Mode.TLS
            kind = InTds if starttls == "mssql" else Session
            session = kind(self._target.host, alpn=alpn, starttls=starttls, modest=modest, brief=brief)
        started, sent = time.monotonic(), self._found.traffic.sent
        try:
            await self.connection.start_tls(session, self.until(patience))
            self._found.timing.setdefault("tls", time.monotonic() - started)
        except HandshakeError:
            pass
        finally:
            if not begun and self._found.traffic.sent > sent:
                self._found.traffic.said.append("tls")
        tls = session.result(time.time())
        self._found.traffic.secured(tls)
        return tls, session.received

    def broken_off(self) -> str | None:
        """Why TLS broke off after a handshake that had ended well, where it did."""
        return None if self.connection is None else self.connection.broken_off
