"""One target, carried out over streams: the steps of its plan, one after the other, within one deadline.

A `Visit` opens connections (``link.py``), takes on each the step that the plan asks for, tells the plan what was
heard, and makes one `Grab` of what was found (``findings.py``). Everything that waits has the deadline; everything
that is opened is closed before `run` returns.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from ..dialogue import Talk, Wire, listen
from ..models import End, Grab, Mode, Service, Settings, Status, Target, Timings, Tls
from ..plan.conversation import Conversation, wire_for
from ..plan.planner import planner
from ..plan.reactions import echoes, speaks_tls
from ..plan.steps import Heard, Hold, Listen, Plan, Secure, Step
from ..tls.server_flight import Flight
from .findings import Findings
from .link import Failed, Link
from .resolver import Resolver
from .traffic import Traffic
from .transport import Connection

if TYPE_CHECKING:
    from ..tls.session import Session

log = logging.getLogger("banner")


class Visit:
    """One target under way."""

    __slots__ = ("_found", "_link", "_planner", "settings", "target")

    def __init__(
        self,
        target: Target,
        settings: Settings,
        *,
        began: float | None = None,
        dns: float | None = None,
        turn: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`turn` waits until a scan's rate allows one more connection."""
        self.target = target
        self.settings = settings
        self._planner = planner(settings)
        began = time.monotonic() if began is None else began
        self._found = Findings(target, settings, self._planner, began, dns)
        self._link = Link(self._found, settings, began + settings.timeouts.total, turn)

    # -- entrances ----------------------------------------------------------------------------------

    async def run(self, resolver: Resolver | None) -> Grab:
        """Visit the target; `resolver` may be missing where its host is an address."""
        try:
            addresses = await self._link.resolve(resolver)
        except Failed as failed:
            return self._found.fail(failed.status, failed.error)
        except Exception as error:  # of a resolver that the caller gave
            return self.fault(error)
        return await self.run_at(addresses)

    async def run_job(
        self, addresses: tuple[str, ...], error: str | None, denied: str | None, fault: str | None
    ) -> Grab:
        """Visit the target at `addresses`, unless it is already known why not."""
        if error is not None:
            return self._found.fail(Status.DNS_ERROR, error)
        if denied is not None or fault is not None:
            self._found.ip = addresses[0] if addresses else None
            return self._found.fail(Status.FAULT if fault else Status.DENIED, fault or denied or "")
        return await self.run_at(addresses)

    async def run_at(self, addresses: tuple[str, ...]) -> Grab:
        """Visit the target at the first of `addresses` that accepts."""
        plan = self._planner.plan(self.target.port)
        return await self._guarded(self._open_and_follow(addresses, plan))

    async def _open_and_follow(self, addresses: tuple[str, ...], plan: Plan) -> Grab:
        await self._link.open_any(addresses)
        await self._follow(plan, next(plan, None))
        return self._found.outcome()

    async def carry_on(
        self, ip: str, sock: socket.socket, data: bytes, end: End, *, opened: float, timings: Timings
    ) -> Grab:
        """Go on at a connected socket, which becomes the visit's, where its plan's listening is done.

        `data` is what came, `end` in which way that ended; `opened` is when connecting began (monotonic seconds).
        """
        self.met(ip, opened, connect=timings.connect, first_byte=timings.first_byte)
        return await self._guarded(self._follow_on(sock, data, end))

    @property
    def traffic(self) -> Traffic:
        """What goes over the wire for it, for another driver to count as well."""
        return self._found.traffic

    def met(
        self, ip: str, opened: float, *, connect: float | None = None, first_byte: float | None = None
    ) -> None:
        """Another driver opened the first connection; what it saw, in seconds."""
        found = self._found
        found.ip, found.opened, found.connections = ip, opened, 1
        if connect is not None:
            found.timing["connect"] = connect
        if first_byte is not None:
            found.timing["first_byte"] = first_byte

    def met_again(
        self, opened: float, *, connect: float | None, first_byte: float | None, fresh: bool
    ) -> None:
        """It took one more step, on a `fresh` connection to the same address or on the one that was open."""
        found = self._found
        found.connections += fresh
        found.opened = opened
        if connect is not None:
            found.timing.setdefault("connect", connect)
        if first_byte is not None:
            found.timing.setdefault("first_byte", first_byte)

    async def go_on(
        self,
        plan: Plan,
        step: Step,
        sock: socket.socket | None = None,
        begun: Session | Conversation | None = None,
    ) -> Grab:
        """Take `step` and what follows in a plan whose first steps another driver took.

        At `sock`, if that is still connected, and with the handshake or the dialogue that it has `begun`.
        """
        return await self._guarded(self._finish(plan, step, sock, begun))

    async def _finish(
        self, plan: Plan, step: Step, sock: socket.socket | None, begun: Session | Conversation | None
    ) -> Grab:
        if sock is not None:
            self._link.hold(await Connection.adopt(sock))
        following: Step | None = step
        if begun is not None:
            try:
                following = plan.send(await self._take_on(step, begun))
            except StopIteration:
                following = None
        await self._follow(plan, following)
        return self._found.outcome()

    async def _take_on(self, step: Step, begun: Session | Conversation) -> Heard:
        if isinstance(begun, Conversation):
            assert isinstance(step, Hold)
            return await self._hold(step, begun)
        assert isinstance(step, Secure)
        return await self._secure(step, begun)

    async def _follow_on(self, sock: socket.socket, data: bytes, end: End) -> Grab:
        self._link.hold(await Connection.adopt(sock))
        plan = self._planner.plan(self.target.port)
        next(plan)
        waited = time.monotonic() - self._found.opened - self._found.timing.get("connect", 0.0)
        try:
            step = plan.send(self._found.note_greeting(data, end, waited))
        except StopIteration:
            return self._found.outcome()
        await self._follow(plan, step)
        return self._found.outcome()

    async def _guarded(self, work: Coroutine[Any, Any, Grab]) -> Grab:
        """Whatever happens ends in a grab, with the connection closed."""
        try:
            return await work
        except Failed as failed:
            return self._found.fail(failed.status, failed.error)
        except Exception as error:
            return self.fault(error)
        finally:
            await self._link.hang_up()

    # -- following the plan -------------------------------------------------------------------------

    async def _follow(self, plan: Plan, step: Step | None) -> None:
        """Take the steps of `plan`, beginning with `step`."""
        while step is not None:
            heard = await self._take(step)
            if time.monotonic() >= self._link.deadline:
                return
            try:
                step = plan.send(heard)
            except StopIteration:
                return

    async def _take(self, step: Step) -> Heard:
        if not step.fresh:
            await self._link.settle()
        elif not await self._link.reopen():
            return Heard(reached=False)
        if isinstance(step, Secure):
            return await self._secure(step)
        if step.fresh and step.tls and not (await self._secure(_AS_BEFORE)).secured:
            return Heard(reached=False)
        if isinstance(step, Listen):
            return await self._listen(step)
        return await self._hold(step)

    async def _listen(self, step: Listen) -> Heard:
        wire = Wire(self.target.host, self.target.port, limit=self.settings.limit)
        now = time.monotonic()
        until = self._link.deadline if step.through else self._link.until(None)
        first = until if step.patience is None else min(now + step.patience, until)
        end, _ = await self._link.drive("listen", listen(wire), wire, until, first)
        data, tls = bytes(wire.received), self._found.tls
        heard = self.heard_greeting(data, end, time.monotonic() - now, fresh=step.fresh)
        self._found.tls = tls if step.tls else self._found.tls
        return self._inside(heard)

    async def _secure(self, step: Secure, session: Session | None = None) -> Heard:
        tls, received = await self._link.shake_hands(
            alpn=None if step.alpn else (), patience=step.patience, session=session
        )
        # HTTP/2 is not among what is offered at first: who can do without it tells more in HTTP/1.1.
        for offered in (("h2",), ()) if self._planner.takes("h2") else ((),):
            if tls.error == "no_application_protocol" and await self._link.reopen():
                tls, received = await self._link.shake_hands(alpn=offered, patience=step.patience)
        if tls.error is None:
            self._found.tls = tls
            self._found.probe = self._found.probe or ("tls" if self.settings.mode is Mode.TLS else None)
            return Heard(secured=True, open=True, alpn=tls.alpn)
        if tls.error == "huge_modulus" and await self._be_modest(step):
            return Heard(secured=True, open=True)
        certain = speaks_tls(received)
        if not echoes(received):
            before = self._found.tls
            if certain or (tls.certificate and (before is None or before.error is not None)):
                self._found.tls = tls
            if certain or self._planner.expects_tls(self.target.port):
                if await self._say_hello_again(tls, step, certain=certain):
                    return Heard(secured=True, open=True)
                # What came of TLS is more than the silence of somebody who was only listened to.
                self._found.status = Status.TLS_ERROR if certain else self._found.status or Status.TLS_ERROR
                self._found.error = f"TLS: {tls.error}"
        end = _END_OF.get(tls.error, End.COMPLETE if received else End.DEADLINE)
        if certain or (not received and self._planner.expects_tls(self.target.port)):
            return Heard(received, open=end is End.DEADLINE, reset=end is End.RESET)
        return self._found.note_no_tls(received, end)

    async def _say_hello_again(self, first: Tls, step: Secure, *, certain: bool) -> bool:
        """See what a server that OpenSSL refuses has to show (``hello.py``), and whether a modest hello opens it.

        `certain` says that records of TLS came; only then does the record tell of it.
        """
        from ..tls import client_hello as hello

        known = self._found.tls or (first if certain else None)
        self._found.tls = known
        if not hello.worth_retrying(first) or not await self._link.reopen():
            return False
        wire = Wire(self.target.host, self.target.port, limit=65536)
        until = self._link.until(None)
        flights: list[Flight] = []

        def talk() -> Talk:
            flights.append((yield from hello.greet(wire, os.urandom(32))))
            return None

        await self._link.drive("tls", talk(), wire, until, until)
        flight = flights[0] if flights else Flight()
        if flight.tls and not echoes(bytes(wire.received)):
            self._found.tls = hello.seen(flight, time.time(), first, host=self.target.host)
        if first.error in ("eof", "reset", "protocol_version", "handshake_failure", "internal_error") and (
            hello.openable(flight) or hello.too_long(flight)
        ):
            return await self._be_modest(step)
        return False

    async def _be_modest(self, step: Secure) -> bool:
        """Shake hands on a new connection with a hello of TLS 1.2 that offers little; whether that ended well."""
        if not await self._link.reopen():
            return False
        tls, received = await self._link.shake_hands(alpn=(), patience=step.patience, modest=True)
        if speaks_tls(received) and (tls.error is None or self._found.tls is None):
            self._found.tls = tls
        return tls.error is None

    async def _hold(self, step: Hold, begun: Conversation | None = None) -> Heard:
        if self._link.connection is None:
            return Heard(reached=False)
        if begun is None:
            wire = wire_for(step, self.target, self.settings, tls=self._link.connection.secure)
            # Who went on listening until a pause need not be waited for again.
            wire.paused = bool(step.greeting) and self._found.paused
            talk, want = step.probe.talk(wire), None
        else:
            wire, talk, want = begun.wire, begun.talk, begun.want
        until = self._link.until(step.patience)

        async def start_tls(wire: Wire) -> None:
            tls, received = await self._link.shake_hands(starttls=step.probe.name)
            if speaks_tls(received):
                self._found.tls = tls
            wire.tls = tls.error is None
            if wire.tls and self.settings.mode is Mode.TLS and self._link.connection is not None:
                await self._link.connection.close()  # before anything is said inside, a farewell too
            if not wire.tls or self.settings.mode is Mode.TLS:
                wire.close(End.EOF)

        end, service = await self._link.drive(step.probe.name, talk, wire, until, until, start_tls, want)
        return self._inside(self.heard_answer(step, wire, end, service))

    def _inside(self, heard: Heard) -> Heard:
        """`heard`, unless TLS broke off for a reason that each further connection would meet again."""
        if not heard.data and (reason := self._link.broken_off()):
            self._found.note_broken_off(reason)
            return Heard(reached=False)
        return heard

    # -- for a driver that holds the connections itself -----------------------------------------------

    @property
    def may_reopen(self) -> bool:
        """Whether one more connection is not too many."""
        return self._link.may_reopen

    def heard_greeting(self, data: bytes, end: End, waited: float, *, fresh: bool = False) -> Heard:
        """Note what came of listening for `waited` seconds, on a `fresh` connection or the first one."""
        if fresh and data:
            self._found.banner, self._found.tls = b"", None  # a greeting is told as it was said to a listener
        return self._found.note_greeting(data, end, waited)

    def heard_no_tls(self, data: bytes, end: End) -> Heard:
        """Note that TLS's hello was answered with what is no TLS, or not at all."""
        return self._found.note_no_tls(data, end)

    def heard_answer(self, step: Hold, wire: Wire, end: End, service: Service | None) -> Heard:
        """Note what came of a dialogue, and how it ended."""
        return self._found.note_dialogue(step, wire, end, service)

    def outcome(self) -> Grab:
        """What is known now, as a record."""
        return self._found.outcome()

    def fault(self, error: Exception) -> Grab:
        """A bug of ours, in a probe most likely: it is logged with its traceback, and costs this one record."""
        log.error("a fault of our own at %s port %d", self.target.host, self.target.port, exc_info=error)
        return self._found.fail(Status.FAULT, f"{type(error).__name__}: {error}")


_AS_BEFORE = Secure(alpn=False)
"""TLS on a further connection: what is spoken inside is no longer asked."""
_END_OF = {"eof": End.EOF, "reset": End.RESET, "deadline": End.DEADLINE}
"""How a handshake's end reads as the end of a connection."""
