"""One target, carried out over streams: names, connections, and the steps of its plan, within one deadline.

A `Visit` gathers what its connections told, and makes one `Grab` of it: the banner is the first greeting, or
else the answer in which a dialogue recognised its service; the status is what the first connection met.
Everything that waits has the deadline; everything that is opened is closed before `run` returns.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import lru_cache
from typing import Any

from .address import literal
from .dialogue import QUIET, Ended, Probe, Talk, Want, Wholeness, Wire, listen, whole
from .failures import EXHAUSTED, RESETS, reason, status_of
from .identify import Rules, built_in_rules
from .models import End, Grab, Mode, Service, Settings, Status, Target, Timings, Tls
from .plan import MOST, Course, Heard, Hold, Listen, Planner, Secure, Step, ended, merge
from .reactions import ECHO, echoes, speaks_tls
from .resolver import ResolveError, Resolver
from .transport import CHUNK, Connection

BACKOFF = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds to wait for descriptors or ports to come back, try by try: 1.5 s in all, several times what the
connections of a scan live, so that one that is still without after them has met more than a crowd."""

log = logging.getLogger("banner")


@lru_cache(16)
def planner(settings: Settings) -> Planner:
    """The plans for these settings; the rules and the probes are loaded when first needed."""
    from . import probes

    rules: Rules = settings.rules or built_in_rules()
    for name in (*settings.probes, *settings.without):
        if name != "tls":
            probes.get(name)  # raises ValueError for a name that does not exist
    known = () if settings.mode is Mode.LISTEN else probes.all()
    return Planner(settings, rules, known)


class Failed(Exception):  # noqa: N818 - an outcome, not an error of ours
    """There is no connection."""

    def __init__(self, status: Status, error: str) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error


class Visit:
    """One target under way."""

    def __init__(
        self,
        target: Target,
        settings: Settings,
        *,
        began: float | None = None,
        dns: float | None = None,
        turn: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.target = target
        self._turn = turn
        """Waits until a scan's rate allows one more connection."""
        self.settings = settings
        self._plan = planner(settings)
        self._began = time.monotonic() if began is None else began
        self._deadline = self._began + settings.timeouts.total
        self._time = round(time.time() - (time.monotonic() - self._began), 3)
        self._timing: dict[str, float] = {} if dns is None else {"dns": dns}
        self._ip: str | None = None
        self._connection: Connection | None = None
        self._connections = 0
        self._opened = 0.0
        self._paused = False
        self._status: Status | None = None
        self._end: End | None = None
        self._banner = b""
        self._probe: str | None = None
        self._service: Service | None = None
        self._details: dict[str, object] = {}
        self._tls: Tls | None = None
        self._error: str | None = None

    # -- entrances ----------------------------------------------------------------------------------

    async def run(self, resolver: Resolver | None) -> Grab:
        """Visit the target; `resolver` may be missing where its host is an address."""
        try:
            addresses = await self._resolve(resolver)
        except Failed as failed:
            return self._failed(failed)
        return await self.run_at(addresses)

    async def run_job(self, addresses: tuple[str, ...], error: str | None, denied: str | None) -> Grab:
        """Visit the target at `addresses`, unless it is already known why not."""
        if error is not None:
            return self._failed(Failed(Status.DNS_ERROR, error))
        if denied is not None:
            return self._failed(Failed(Status.DENIED, denied))
        return await self.run_at(addresses)

    async def run_at(self, addresses: tuple[str, ...]) -> Grab:
        """Visit the target at the first of `addresses` that accepts."""
        course = self._plan.course(self.target.port)
        return await self._guarded(self._open_and_follow(addresses, course))

    async def _open_and_follow(self, addresses: tuple[str, ...], course: Course) -> Grab:
        await self._open_any(addresses)
        await self._follow(course, next(course, None))
        return self.outcome()

    async def carry_on(
        self, ip: str, sock: socket.socket, data: bytes, end: End, *, opened: float, timings: Timings
    ) -> Grab:
        """Go on at a connected socket, which becomes the visit's, where its plan's listening is done.

        `data` is what came, `end` in which way that ended; `opened` is when connecting began (monotonic seconds).
        """
        self.met(ip, opened, timings)
        return await self._guarded(self._follow_on(sock, data, end))

    def met(self, ip: str, opened: float, timings: Timings) -> None:
        """Another driver opened the first connection."""
        self._ip, self._opened, self._connections = ip, opened, 1
        seen = (("connect", timings.connect), ("first_byte", timings.first_byte))
        self._timing.update((name, seconds) for name, seconds in seen if seconds is not None)

    async def go_on(self, course: Course, step: Step) -> Grab:
        """Take the further steps of a course whose first one another driver took, on new connections."""
        return await self._guarded(self._finish(course, step))

    async def _finish(self, course: Course, step: Step) -> Grab:
        await self._follow(course, step)
        return self.outcome()

    async def _follow_on(self, sock: socket.socket, data: bytes, end: End) -> Grab:
        self._connection = await Connection.adopt(sock)
        course = self._plan.course(self.target.port)
        next(course)
        try:
            step = course.send(self.heard_greeting(data, end))
        except StopIteration:
            return self.outcome()
        await self._follow(course, step)
        return self.outcome()

    async def _guarded(self, work: Coroutine[Any, Any, Grab]) -> Grab:
        """Whatever happens ends in a grab, with the connection closed."""
        try:
            return await work
        except Failed as failed:
            return self._failed(failed)
        except Exception as error:
            return self.fault(error)
        finally:
            await self._hang_up()

    # -- getting there ------------------------------------------------------------------------------

    async def _resolve(self, resolver: Resolver | None) -> tuple[str, ...]:
        host = self.target.host
        if resolver is None or literal(host):
            return (host,)
        started = time.monotonic()
        try:
            async with asyncio.timeout_at(self._deadline):
                return await resolver.resolve(host)
        except ResolveError as error:
            raise Failed(Status.DNS_ERROR, str(error)) from None
        except TimeoutError:
            raise Failed(Status.DNS_ERROR, "no answer before the deadline") from None
        finally:
            self._timing["dns"] = time.monotonic() - started

    async def _open_any(self, addresses: tuple[str, ...]) -> None:
        """Connect to the first of `addresses` that accepts; the last one's failure is the target's."""
        for number, ip in enumerate(addresses, 1):
            try:
                await self._open(ip)
                return
            except Failed as failed:
                if number == len(addresses) or time.monotonic() >= self._deadline:
                    raise
                log.debug("%s: %s %s", ip, failed.status, failed.error)

    async def _open(self, ip: str) -> None:
        self._ip = ip
        policy = self.settings.policy
        if policy is not None and (refusal := policy.refusal(ip, self.target.port)):
            raise Failed(Status.DENIED, refusal)
        for pause in (*BACKOFF, None):
            try:
                await self._connect(ip)
                return
            except TimeoutError as error:
                raise Failed(Status.TIMEOUT, reason(error.errno, "no answer in time")) from None
            except OSError as error:
                if error.errno in RESETS:
                    self._connections += 1
                over = pause is None or time.monotonic() + pause >= self._deadline
                if pause is None or over or error.errno not in EXHAUSTED:
                    raise Failed(status_of(error.errno), reason(error.errno, str(error))) from None
                await asyncio.sleep(pause)

    async def _connect(self, ip: str) -> None:
        started = time.monotonic()
        until = min(started + self.settings.timeouts.connect, self._deadline)
        async with asyncio.timeout_at(until):
            self._connection = await Connection.open(ip, self.target.port)
        self._connections += 1
        self._opened = started
        self._timing.setdefault("connect", time.monotonic() - started)

    async def _reopen(self) -> bool:
        """A new connection to the same address; False where there is none, or were too many."""
        await self._hang_up()
        if self._connections >= MOST[self.settings.mode]:
            return False
        assert self._ip is not None
        try:
            if self._turn is not None:
                async with asyncio.timeout_at(self._deadline):
                    await self._turn()
            await self._open(self._ip)
        except TimeoutError:
            return False
        except Failed as failed:
            log.debug("%s: not again: %s %s", self._ip, failed.status, failed.error)
            return False
        return True

    async def _hang_up(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    # -- following the plan -------------------------------------------------------------------------

    async def _follow(self, course: Course, step: Step | None) -> None:
        """Take the steps of `course`, beginning with `step`."""
        while step is not None:
            heard = await self._take(step)
            if time.monotonic() >= self._deadline:
                return
            try:
                step = course.send(heard)
            except StopIteration:
                return

    async def _take(self, step: Step) -> Heard:
        if step.fresh and not await self._reopen():
            return Heard(reached=False)
        if isinstance(step, Listen):
            return await self._listen(step)
        if isinstance(step, Secure):
            return await self._secure(step)
        if step.fresh and step.tls and not (await self._secure(_AS_BEFORE)).secured:
            return Heard(reached=False)
        return await self._hold(step)

    async def _listen(self, step: Listen) -> Heard:
        wire = Wire(self.target.host, self.target.port, limit=self.settings.limit)
        now = time.monotonic()
        until = min(now + self.settings.timeouts.read, self._deadline)
        first = until if step.patience is None else min(now + step.patience, until)
        end, _ = await self._drive(listen(wire), wire, until, first)
        if step.fresh and wire.received:
            self._banner, self._tls = b"", None  # a greeting is told as it was said to a listener
        return self.heard_greeting(bytes(wire.received), end)

    def heard_greeting(self, data: bytes, end: End) -> Heard:
        """Note the greeting that listening brought, or in which way none came."""
        if not data:
            self._note_silence(end)
            return Heard(open=not ended(end), reset=end is End.RESET)
        self._paused = end is End.COMPLETE and whole(data) is Wholeness.OPEN
        reading = self._plan.reading(data, self.target.port)
        if not self._banner:
            self._banner, self._end = data, end
            self._service, self._details = reading.service, dict(reading.details)
            self._probe = reading.probe or "listen"
        return Heard(data, open=not ended(end), service=reading.service)

    def _note_silence(self, end: End) -> None:
        if self._status is None:
            self._status = {End.EOF: Status.CLOSED, End.RESET: Status.RESET}.get(end, Status.SILENT)
        self._probe = self._probe or "listen"

    async def _secure(self, step: Secure) -> Heard:
        tls, received = await self._shake_hands(alpn=step.alpn, patience=step.patience)
        if tls.error == "no_application_protocol" and await self._reopen():
            tls, received = await self._shake_hands(alpn=False, patience=step.patience)
        if tls.error is None:
            self._tls = tls
            return Heard(secured=True, open=True, alpn=tls.alpn)
        if echoes(received):
            self._note_answer(received, None, End.COMPLETE)
            self._service = ECHO
            return Heard(received, service=ECHO)
        certain = speaks_tls(received)
        if certain or self._tls is None or self._tls.error is not None:
            self._tls = tls if certain or tls.certificate else self._tls
        if certain or self._plan.expects_tls(self.target.port):
            await self._say_hello_again(tls)
            self._status = self._status or Status.TLS_ERROR
            self._error = f"TLS: {tls.error}"
        elif received:
            self._note_answer(received, None, End.COMPLETE)
        else:
            self._note_silence(_END_OF.get(tls.error, End.DEADLINE))
        waits = tls.error == End.DEADLINE
        return Heard(received, open=waits, reset=tls.error == End.RESET)

    async def _shake_hands(
        self, *, alpn: bool = True, patience: float | None = None, starttls: str | None = None
    ) -> tuple[Tls, bytes]:
        """A handshake on the open connection: what it showed, and the bytes that came."""
        from .tls import HandshakeError, Session

        assert self._connection is not None
        session = Session(self.target.host, alpn=None if alpn else (), starttls=starttls)
        started = time.monotonic()
        until = min(started + (patience or self.settings.timeouts.read), self._deadline)
        try:
            await self._connection.start_tls(session, until)
            self._timing.setdefault("tls", time.monotonic() - started)
        except HandshakeError:
            pass
        return session.result(time.time()), session.received

    async def _say_hello_again(self, first: Tls) -> None:
        """See what a server that OpenSSL refuses has to show (``hello.py``)."""
        from . import hello

        if not hello.worth_retrying(first) or not await self._reopen():
            self._tls = self._tls or first
            return
        wire = Wire(self.target.host, self.target.port, limit=65536)
        until = min(time.monotonic() + self.settings.timeouts.read, self._deadline)
        seen: list[Tls] = []

        def talk() -> Talk:
            flight = yield from hello.greet(wire, os.urandom(32))
            seen.append(hello.seen(flight, time.time(), first))
            return None

        await self._drive(talk(), wire, until, until)
        self._tls = seen[0] if seen else first

    def wire_for(self, step: Hold) -> Wire:
        """What the dialogue of `step` talks through."""
        probe = step.probe
        wire = Wire(
            self.target.host,
            self.target.port,
            received=step.greeting,
            limit=max(probe.limit, len(step.greeting) + 1),
            deep=self.settings.mode is Mode.FULL,
            tls=self._connection is not None and self._connection.secure,
            manners=self.settings.manners,
        )
        # Who went on listening until a pause need not be waited for again.
        wire.paused = bool(step.greeting) and self._paused
        return wire

    async def _hold(self, step: Hold) -> Heard:
        if self._connection is None:
            return Heard(reached=False)
        wire = self.wire_for(step)
        until = min(time.monotonic() + (step.patience or self.settings.timeouts.read), self._deadline)
        end, service = await self._drive(step.probe.talk(wire), wire, until, until, step.probe)
        return self.heard_answer(step, wire, end, service)

    def heard_answer(self, step: Hold, wire: Wire, end: End, service: Service | None) -> Heard:
        """Note what came of a dialogue, and how it ended."""
        probe, data = step.probe, bytes(wire.received)
        if service is not None:
            self._note_service(service, probe, wire, data, end)
        elif data and not step.greeting:
            self._note_answer(data, probe, end)
        elif not data:
            self._note_silence(end)
        answer = data if not step.greeting else b""
        return Heard(answer, open=not ended(end), service=service, reset=end is End.RESET)

    def _note_service(self, service: Service, probe: Probe, wire: Wire, data: bytes, end: End) -> None:
        """A dialogue recognised its service."""
        by_rules = self._plan.rules.identify(data, port=self.target.port, protocol=service.name)
        self._service = merge(service, by_rules, probe.name)
        self._details = wire.details
        self._probe = probe.name
        if not (probe.greets and self._banner):
            self._banner, self._end = data[: self.settings.limit], end
            if len(data) > self.settings.limit:
                self._end = End.LIMIT

    def _note_answer(self, data: bytes, probe: Probe | None, end: End) -> None:
        """Somebody answered to a hello that was not his."""
        if self._banner:
            return
        self._banner, self._end = data[: self.settings.limit], end
        self._service = self._plan.rules.identify(data, port=self.target.port)
        self._probe = "tls" if probe is None else probe.name

    # -- driving a dialogue -------------------------------------------------------------------------

    async def _drive(
        self, talk: Talk, wire: Wire, until: float, first: float, probe: Probe | None = None
    ) -> tuple[End, Service | None]:
        """Carry `talk` on to its end; how it ended, and the service that it recognised.

        It has until `until`, but only until `first` for the first byte.
        """
        assert self._connection is not None
        try:
            want = next(talk)
            while True:
                if out := wire.outgoing():
                    self._connection.write(out)
                if want is Want.TLS:
                    await self._start_tls(wire, probe)
                else:
                    await self._answer(want, wire, until if wire.received else first)
                want = talk.send(None)
        except StopIteration as done:
            return End.COMPLETE, done.value or wire.found
        except Ended as stopped:
            return stopped.end, wire.found
        finally:
            if out := wire.outgoing():
                self._connection.write(out)

    async def _answer(self, want: Want, wire: Wire, deadline: float) -> None:
        """Give the dialogue what it waits for: bytes, the end, or the knowledge of a pause."""
        assert self._connection is not None
        pause = time.monotonic() + QUIET
        pausing = want is Want.PAUSE and pause < deadline
        try:
            data = await self._connection.read(min(wire.room(), CHUNK), pause if pausing else deadline)
        except TimeoutError:
            if pausing:
                wire.paused = True
            else:
                wire.close(End.DEADLINE)
            return
        if data:
            self._timing.setdefault("first_byte", time.monotonic() - self._opened)
            wire.feed(data)
        else:
            wire.close(self._connection.ending)

    async def _start_tls(self, wire: Wire, probe: Probe | None) -> None:
        self._tls, _ = await self._shake_hands(starttls=probe.name if probe is not None else None)
        wire.tls = self._tls.error is None
        if not wire.tls:
            wire.close(End.EOF)

    def fault(self, error: Exception) -> Grab:
        """A bug of ours, in a probe most likely: it is logged with its traceback, and costs this one record."""
        log.error("a fault of our own at %s port %d", self.target.host, self.target.port, exc_info=error)
        return self._failed(Failed(Status.FAULT, f"{type(error).__name__}: {error}"))

    # -- the outcome --------------------------------------------------------------------------------

    def _failed(self, failed: Failed) -> Grab:
        self._status, self._error = failed.status, failed.error
        return self.outcome()

    def outcome(self) -> Grab:
        """What is known now, as a record."""
        status = self._status or Status.SILENT
        if status is not Status.FAULT and (
            self._banner or (self._tls is not None and self._tls.error is None)
        ):
            status, self._error = Status.BANNER, None
        service = self._service
        if service is None and self._tls is not None and self._tls.error is None:
            service = Service("ssl", confidence=0.5)
        timing = {name: round(value, 6) for name, value in self._timing.items()}
        return Grab(
            time=self._time,
            host=self.target.host,
            port=self.target.port,
            tag=self.target.tag,
            ip=self._ip,
            status=status,
            end=self._end,
            banner=self._banner,
            probe=self._probe if self._connections else None,
            connections=self._connections,
            service=service,
            tls=self._tls,
            timings=Timings(**timing, total=round(time.monotonic() - self._began, 6)),
            details=self._details,
            error=self._error,
        )


_AS_BEFORE = Secure(alpn=False)
"""TLS on a further connection: what is spoken inside is no longer asked."""
_END_OF = {"eof": End.EOF, "reset": End.RESET}
"""How a handshake's end reads as the end of a connection."""
