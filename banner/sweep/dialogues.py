"""The sweep's dialogues: where the client speaks, one hello and what follows on the same connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..dialogue import QUIET, ROOM, Want
from ..models import End, Settings
from ..plan.conversation import Conversation, wire_for
from ..plan.steps import Hold, Secure
from ..visit.traffic import Traffic
from .attempts import Attempt
from .connector import Connector
from .handshakes import Handshake
from .phases import Phases
from .plans import Plans
from .secured import Secured


class Dialogues:
    """Holds the dialogues of attempts whose sockets are the sweep's."""

    def __init__(self, settings: Settings, plans: Plans[Any], phases: Phases, connector: Connector) -> None:
        """`plans` are told what came of each; `phases` know of whom a pause would be news; the selector of `connector`
        tells when there is room for what a socket did not take."""
        self._settings = settings
        self._plans = plans
        self._phases = phases
        self._connector = connector

    def begin(self, attempt: Attempt, step: Hold | Secure, now: float) -> None:
        """The peer has accepted and waits: say the hello of `step`."""
        talk: Conversation | Handshake
        if isinstance(step, Secure):
            talk = self._plans.handshakes.begin(attempt, step)
        else:
            wire = wire_for(step, attempt.target, self._settings, tls=attempt.session is not None)
            talk = Conversation(step, wire)
        attempt.talk = talk
        self._see_to(attempt, talk, now)

    def hear(self, attempt: Attempt, now: float) -> None:
        """Something came, or the end: the dialogue goes on."""
        while (talk := attempt.talk) is not None and talk.end is None:
            try:
                data = attempt.sock.recv(min(talk.wire.room(), ROOM))
            except BlockingIOError:
                return
            except OSError:
                self.tell(attempt, now, talk.close, End.RESET)
                return
            if not data:
                self.tell(attempt, now, talk.close, attempt.ending)
                continue
            traffic = attempt.traffic = attempt.traffic or Traffic()
            traffic.received += len(data)
            if attempt.first is None:
                attempt.first = now - attempt.opened
                if attempt.plan is None and self._plans.known(attempt, data, now):
                    return
                if talk.step.prompt is not None:  # the first byte is there, and the rest has more time
                    attempt.patience = talk.step.patience
                    self._phases.expect(attempt, now)
            self.tell(attempt, now, talk.feed, data)

    def tell(self, attempt: Attempt, now: float, event: Callable[..., None], *what: bytes | End) -> None:
        """Give a dialogue an event; write what it says, wait for what it wants, or end it."""
        talk = attempt.talk
        assert talk is not None
        self._phases.stir(attempt)
        event(*what)
        self._see_to(attempt, talk, now)

    def _see_to(self, attempt: Attempt, talk: Conversation | Handshake, now: float) -> None:
        """Write what the dialogue says, and wait for what it wants, or end it."""
        self.send(attempt)
        if talk.end is not None:
            self._plans.concluded(attempt, talk, talk.end, now)
        elif talk.want is _TLS:
            assert isinstance(talk, Conversation)
            self._plans.start_tls(attempt, talk)
        elif talk.want is _PAUSE:
            self._phases.pause(attempt, now + QUIET)

    def send_rest(self, attempt: Attempt) -> None:
        """There is room again."""
        if isinstance(attempt.sock, Secured):
            attempt.sock.flush()
        self.send(attempt)

    def send(self, attempt: Attempt) -> None:
        """Write what the dialogue says. A hello fits into a new socket's buffer, unless it has little room:
        then the rest is written once there is some. What a dead peer said before is read yet."""
        talk = attempt.talk
        if talk is None or not (out := talk.wire.outgoing()):
            return
        try:
            written = attempt.sock.send(out)
        except BlockingIOError:
            written = 0
        except ConnectionResetError:
            attempt.broken = True
            return
        except OSError:
            return
        if written:
            traffic = attempt.traffic = attempt.traffic or Traffic()
            traffic.sent += written
            traffic.speak(talk.name, out, talk.wire.sent)
        if written < len(out):
            talk.wire.keep(out[written:])
            if talk.end is None:
                self._connector.selector.watch_connection(attempt.fd)


_TLS: Final = Want.TLS  # until Python 3.11 a member of an enumeration is looked up in 0.2 us
_PAUSE: Final = Want.PAUSE
