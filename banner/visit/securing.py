"""TLS on a visit's connection: the handshake, and what is tried where a server cannot bear the first one.

Whom OpenSSL refuses hears a hello of our own, to see what there is to see (``tls/client_hello.py``),
and where that shows that a modest hello of TLS 1.2 may open it, with that one.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from ..dialogue import Talk, Wire, hear_out
from ..models import End, Mode, Settings, Status, Target, Tls
from ..plan.planner import Planner
from ..plan.reactions import echoes, speaks_tls
from ..plan.steps import Heard, Secure
from .findings import Findings
from .link import Link

if TYPE_CHECKING:
    from ..tls.server_flight import Flight
    from ..tls.session import Session


class Securing:
    """The handshakes of one visit, over its `link`; what they show goes into `found`."""

    __slots__ = ("_found", "_modest", "_planner", "_settings", "_target", "link")

    def __init__(
        self, target: Target, settings: Settings, planner: Planner, found: Findings, link: Link
    ) -> None:
        self._target, self._settings, self._planner = target, settings, planner
        self._found = found
        self.link: Link = link
        self._modest = False
        """Only a modest hello opens it."""

    async def secure(self, step: Secure, session: Session | None = None) -> Heard:
        """Shake hands as `step` says, or go on with the handshake that has begun in `session`."""
        modest = step.modest or self._modest
        offered = self._planner.offered if step.alpn and not modest else ()
        until = self.link.until(step.patience)
        tls, received = await self.link.shake_hands(
            alpn=offered, patience=step.patience, session=session, modest=modest
        )
        if tls.error == "no_application_protocol" and await self._again():
            tls, received = await self.link.shake_hands(patience=step.patience)
        if tls.error is None:
            self._modest = modest
            return self._found.note_tls(tls)
        if tls.error == "huge_modulus" and not modest and await self._be_modest(step):
            return Heard(secured=True, open=True)
        end = _END_OF.get(tls.error, End.COMPLETE if received else End.DEADLINE)
        if tls.error == "not_tls":
            received, end = await self._hear_out(received, until)
        certain = speaks_tls(received)
        if not echoes(received):
            before = self._found.tls
            if certain or (tls.certificate and (before is None or before.error is not None)):
                self._found.tls = tls
            if certain or self._planner.expects_tls(self._target.port):
                if await self._say_hello_again(tls, step, certain=certain):
                    return Heard(secured=True, open=True)
                # What came of TLS is more than the silence of somebody who was only listened to.
                self._found.status = Status.TLS_ERROR if certain else self._found.status or Status.TLS_ERROR
                self._found.error = f"TLS: {tls.error}"
        if certain or (not received and self._planner.expects_tls(self._target.port)):
            return Heard(received, open=end is End.DEADLINE, reset=end is End.RESET)
        return self._found.note_no_tls(received, end)

    async def _hear_out(self, received: bytes, until: float) -> tuple[bytes, End]:
        """All that somebody says, up to its end or `until`, who does not speak TLS and of whom this was `received`."""
        wire = Wire(self._target.host, self._target.port, received=received)
        end, _ = await self.link.drive("tls", hear_out(wire), wire, until, until)
        return bytes(wire.received), end

    async def start_tls(self, name: str, wire: Wire) -> None:
        """Shake hands on the way of the dialogue `name`, which goes on through `wire`."""
        if not self._found.may_say(1):
            wire.close(End.EOF)
            return
        tls, received = await self.link.shake_hands(starttls=name)
        if speaks_tls(received):
            self._found.tls = tls
        wire.tls, alone = tls.error is None, self._settings.mode is Mode.TLS
        if wire.tls and alone and self.link.connection is not None:
            await self.link.connection.close()  # before anything is said inside, a farewell too
        if alone or not wire.tls:
            wire.close(End.EOF)

    async def _say_hello_again(self, first: Tls, step: Secure, *, certain: bool) -> bool:
        """See what a server that OpenSSL refuses has to show (``hello.py``), and whether a modest hello opens it.

        `certain` says that records of TLS came; only then does the record tell of it.
        """
        from ..tls import client_hello as hello

        known = self._found.tls or (first if certain else None)
        self._found.tls = known
        if step.modest or self._modest or not hello.worth_retrying(first) or not await self._again():
            return False
        flight = await self._greet(first)
        if hello.too_new(flight) and await self._again():
            await self._greet(first, newest=True)
        if first.error in ("eof", "reset", "protocol_version", "handshake_failure", "internal_error") and (
            hello.openable(flight) or hello.too_long(flight)
        ):
            return await self._be_modest(step)
        return False

    async def _again(self) -> bool:
        """A new connection for one more hello; False where that is one too many."""
        return self._found.may_say(1) and await self.link.reopen()

    async def _greet(self, first: Tls, *, newest: bool = False) -> Flight:
        """What the server shows to a hello of our own, on the open connection."""
        from ..tls import client_hello as hello
        from ..tls.server_flight import Flight

        wire = Wire(self._target.host, self._target.port, limit=65536)
        until = self.link.until(None)
        flights: list[Flight] = []

        def talk() -> Talk:
            flights.append((yield from hello.greet(wire, os.urandom(32), newest=newest)))
            return None

        await self.link.drive("tls", talk(), wire, until, until)
        flight = flights[0] if flights else Flight()
        if flight.tls and not echoes(bytes(wire.received)) and (flight.version or not newest):
            self._found.tls = hello.seen(flight, time.time(), first, host=self._target.host)
        return flight

    async def _be_modest(self, step: Secure) -> bool:
        """Shake hands modestly on a new connection; whether that ended well."""
        if not await self._again():
            return False
        tls, received = await self.link.shake_hands(patience=step.patience, modest=True)
        if speaks_tls(received) and (tls.error is None or self._found.tls is None):
            self._found.tls = tls
        self._modest = tls.error is None
        return self._modest


_END_OF = {"eof": End.EOF, "reset": End.RESET, "deadline": End.DEADLINE}
"""How a handshake's end reads as the end of a connection."""
