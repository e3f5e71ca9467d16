"""One target, carried out over streams: the steps of its plan, one after the other, within one deadline.

A `Visit` opens connections (``link.py``), takes on each the step that the plan asks for, tells the plan what was
heard, and makes one `Grab` of what was found (``findings.py``). Everything that waits has the deadline; everything
that is opened is closed before `run` returns.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from ..dialogue import Wire, listen
from ..models import End, Grab, Settings, Status, Target, Timings, Transport
from ..plan.conversation import Conversation, held, wire_for
from ..plan.planner import Planner, planner
from ..plan.steps import Heard, Hold, Listen, Plan, Secure, Step
from .failures import Failed
from .findings import Findings
from .link import Link
from .resolver import Resolver
from .securing import Securing
from .transport import Connection

if TYPE_CHECKING:
    from ..plan.refusals import Refusals
    from ..tls.session import Session

log: logging.Logger = logging.getLogger("banner")


class Visit:
    """One target under way."""

    __slots__ = ("_made", "_planner", "_refusals", "_turn", "_until", "found", "settings", "target")

    def __init__(
        self,
        target: Target,
        settings: Settings,
        *,
        began: float | None = None,
        dns: float | None = None,
        turn: Callable[[], Awaitable[None]] | None = None,
        refusals: Refusals | None = None,
        plans: Planner | None = None,
    ) -> None:
        """`turn` waits until a scan's rate allows one more connection; a scan has `refusals` over UDP, and `plans`."""
        self._refusals = refusals
        self.target: Target = target
        self.settings: Settings = settings
        self._planner = plans or planner(settings)
        began = time.monotonic() if began is None else began
        self.found: Findings = Findings(target, settings, self._planner, began, dns)
        self._until = began + settings.timeouts.total
        self._turn = turn
        self._made: Securing | None = None

    # -- entrances ----------------------------------------------------------------------------------

    async def run(self, resolver: Resolver | None) -> Grab:
        """Visit the target; `resolver` may be missing where its host is an address."""
        return await self._guarded(self._resolve_and_visit(resolver))

    async def run_job(
        self, addresses: tuple[str, ...], error: str | None, denied: str | None, fault: str | None
    ) -> Grab:
        """Visit the target at `addresses`, unless it is already known why not."""
        if error is not None:
            return await self._guarded(_fail(Status.DNS_ERROR, error))
        if denied is not None or fault is not None:
            self.found.ip = addresses[0] if addresses else None
            return await self._guarded(_fail(Status.FAULT if fault else Status.DENIED, fault or denied or ""))
        return await self.run_at(addresses)

    async def run_at(self, addresses: tuple[str, ...]) -> Grab:
        """Visit the target at the first of `addresses` that accepts, or that answers over UDP."""
        return await self._guarded(self._visit(addresses))

    async def _resolve_and_visit(self, resolver: Resolver | None) -> Grab:
        return await self._visit(await self._link.resolve(resolver))

    async def _visit(self, addresses: tuple[str, ...]) -> Grab:
        if self.target.transport is Transport.UDP:
            return await self._ask(addresses)
        plan = self._planner.plan(self.target.port)
        await self._link.open_any(addresses)
        await self._follow(plan, next(plan, None))
        return self.found.outcome()

    async def _ask(self, addresses: tuple[str, ...]) -> Grab:
        from .asking import Asking  # of many parts, for those who ask over UDP

        settings, link = self.settings, self._link
        if self.target.via or settings.proxy:
            raise Failed(Status.LOCAL_ERROR, "datagrams go through no proxy")
        return await Asking(self.found, settings, link.deadline, link.turn, self._refusals).run(addresses)

    async def carry_on(
        self, ip: str, sock: socket.socket, data: bytes, end: End, *, opened: float, timings: Timings
    ) -> Grab:
        """Go on at a connected socket, which becomes the visit's, where its plan's listening is done.

        `data` is what came, `end` in which way that ended; `opened` is when connecting began (monotonic seconds).
        """
        self.met(ip, opened, connect=timings.connect, first_byte=timings.first_byte)
        return await self._guarded(self._follow_on(sock, data, end))

    def met(
        self, ip: str, opened: float, *, connect: float | None = None, first_byte: float | None = None
    ) -> None:
        """Another driver opened the first connection; what it saw, in seconds."""
        found = self.found
        found.ip, found.opened, found.connections = ip, opened, 1
        found.note_times(connect, first_byte)

    def met_again(
        self, opened: float, *, connect: float | None, first_byte: float | None, fresh: bool
    ) -> None:
        """It took one more step, on a `fresh` connection to the same address or on the one that was open."""
        found = self.found
        found.connections += fresh
        found.opened = opened
        found.note_times(connect, first_byte)

    async def go_on(
        self,
        plan: Plan,
        step: Step,
        sock: socket.socket | None = None,
        begun: Session | Conversation | None = None,
        inside: Session | None = None,
    ) -> Grab:
        """Take `step` and what follows in a plan whose first steps another driver took.

        At `sock`, if that is still connected, `inside` a session, and with the handshake or dialogue that has `begun`.
        """
        return await self._guarded(self._finish(plan, step, sock, begun, inside))

    async def _finish(
        self,
        plan: Plan,
        step: Step,
        sock: socket.socket | None,
        begun: Session | Conversation | None,
        inside: Session | None,
    ) -> Grab:
        if sock is not None:
            self._link.hold(await Connection.adopt(sock, inside))
        following: Step | None = step
        if begun is not None:
            try:
                following = plan.send(await self._take_on(step, begun))
            except StopIteration:
                following = None
        await self._follow(plan, following)
        return self.found.outcome()

    async def _take_on(self, step: Step, begun: Session | Conversation) -> Heard:
        if isinstance(begun, Conversation):
            assert isinstance(step, Hold)
            return await self._hold(step, begun)
        assert isinstance(step, Secure)
        return await self._securing.secure(step, begun)

    async def _follow_on(self, sock: socket.socket, data: bytes, end: End) -> Grab:
        self._link.hold(await Connection.adopt(sock))
        plan = self._planner.plan(self.target.port)
        next(plan)
        waited = time.monotonic() - self.found.opened - self.found.timing.get("connect", 0.0)
        try:
            step = plan.send(self.found.note_greeting(data, end, waited))
        except StopIteration:
            return self.found.outcome()
        await self._follow(plan, step)
        return self.found.outcome()

    async def _guarded(self, work: Coroutine[Any, Any, Grab]) -> Grab:
        """Whatever happens ends in a grab, with the connection closed."""
        try:
            grab = await work
        except Failed as failed:
            grab = self.found.fail(failed.status, failed.error)
        except Exception as error:
            grab = self.fault(error)
        finally:
            await self._link.hang_up()
        self.found.traffic.ended(grab)
        return grab

    @property
    def _securing(self) -> Securing:
        """Its handshakes and connections, made when first needed: the sweep ends most visits without."""
        if self._made is None:
            link = Link(self.found, self.settings, self._until, self._turn)
            self._made = Securing(self.target, self.settings, self._planner, self.found, link)
        return self._made

    @property
    def _link(self) -> Link:
        return self._securing.link

    # -- following the plan -------------------------------------------------------------------------

    async def _follow(self, plan: Plan, step: Step | None) -> None:
        """Take the steps of `plan`, beginning with `step`."""
        began, heard = time.monotonic(), None
        while True:
            now = time.monotonic()
            self.found.traffic.decided(heard, step, now - began)
            if step is None or now >= self._link.deadline:
                return
            began, heard = now, await self._take(step)
            try:
                step = plan.send(heard)
            except StopIteration:
                step = None

    async def _take(self, step: Step) -> Heard:
        found = self.found
        kept = found.tls, found.status, found.error
        try:
            return await self._taken(step)
        finally:
            if isinstance(step, Hold) and step.completes:  # of what is known already, nothing changes
                found.tls, found.status, found.error = kept

    async def _taken(self, step: Step) -> Heard:
        if not step.fresh:
            await self._link.settle()
        if not self.may_take(step) or (step.fresh and not await self._link.reopen()):
            return Heard(reached=False)
        if isinstance(step, Secure):
            return await self._securing.secure(step)
        if step.fresh and step.tls and not (await self._securing.secure(_AS_BEFORE)).secured:
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
        data, tls = bytes(wire.received), self.found.tls
        heard = self.heard_greeting(data, end, time.monotonic() - now, fresh=step.fresh)
        self.found.tls = tls if step.tls else self.found.tls
        return self.found.note_inside(heard, self._link.broken_off())

    async def _hold(self, step: Hold, begun: Conversation | None = None) -> Heard:
        if self._link.connection is None:
            return Heard(reached=False)
        if begun is None:
            wire = wire_for(step, self.target, self.settings, tls=self._link.connection.secure)
            # Who went on listening until a pause need not be waited for again.
            wire.paused = bool(step.greeting) and self.found.paused
            talk, want = held(step, wire, step.probe.talk(wire)), None
        else:
            wire, talk, want = begun.wire, held(step, begun.wire, begun.talk), begun.want
        until = self._link.until(step.patience)
        first = until if step.prompt is None else min(until, self._link.until(step.prompt))
        start_tls = partial(self._securing.start_tls, step.probe.name)
        end, service = await self._link.drive(step.probe.name, talk, wire, until, first, start_tls, want)
        heard = self.found.note_dialogue(step, wire, end, service)
        return self.found.note_inside(heard, self._link.broken_off())

    # -- for a driver that holds the connections itself -----------------------------------------------

    def may_take(self, step: Step) -> bool:
        """Whether one more connection, and what is said there, are not too many."""
        return (not step.fresh or self._link.may_reopen) and self.found.may_say(step.hellos)

    def heard_greeting(self, data: bytes, end: End, waited: float, *, fresh: bool = False) -> Heard:
        """Note what came of listening for `waited` seconds, on a `fresh` connection or the first one."""
        if fresh and data:
            self.found.banner, self.found.tls = b"", None  # a greeting is told as it was said to a listener
        return self.found.note_greeting(data, end, waited)

    def outcome(self) -> Grab:
        """What is known now, as a record."""
        return self.found.outcome()

    def fault(self, error: Exception) -> Grab:
        """A bug of ours, in a probe most likely: it is logged with its traceback, and costs this one record."""
        log.error("a fault of our own at %s port %d", self.target.host, self.target.port, exc_info=error)
        return self.found.fail(Status.FAULT, f"{type(error).__name__}: {error}")


async def _fail(status: Status, error: str) -> Grab:
    raise Failed(status, error)


_AS_BEFORE = Secure(alpn=False)
"""TLS on a further connection: what is spoken inside is no longer asked."""
