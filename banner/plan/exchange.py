"""Questions and answers over UDP with one target, with what carries them apart: a state machine, no socket, no clock.

Whoever drives it sends what is `leaving`, tells what came (`arrived`, `from_elsewhere`, `failed`) and that time is up
(`due`, at `until`), until it is `over`. A question that nothing answers leaves once more after a second (RFC 8085,
section 3.1.1), or another one in its place. All stay open meanwhile: an answer may be late, and what is no answer to
any of them, as a forger's guess, ends none.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..dialogue import Datagrams, Probe
from ..models import End, Mode, Service, Settings, Status, Target
from ..recognition.datagrams import told
from .asked import Asked, Taken, whose
from .found import Found
from .greeting import merge
from .questions import EMPTY, MOST, Questions
from .reactions import ECHO
from .refusals import Refusals

REPEAT = 1.0
"""Seconds without an answer after which a datagram leaves again: not earlier where the path's time is unknown (RFC
8085, section 3.1.1)."""
ANSWER = 1.5
"""Seconds for the answer to the last datagram: a round trip around the world takes 0.3 s."""
STRANGE = 0.5
"""Seconds in which an answer may follow what came and was none."""
FLOOD = 8
"""Datagrams after which no more are read where none was an answer, or where answers do not end."""
PARTS = 64
"""The same, of an answer of several: DTLS' certificates come in datagrams of 228 bytes from some."""


class Exchange(Found):
    """All that is asked of one target, at one address after the other, and what came."""

    __slots__ = (
        "_again", "_asked", "_asked_at", "_going", "_leaving", "_nonce", "_questions", "_settings",
        "_strange", "_turn", "_until_read", "deadline", "until",
    )  # fmt: skip

    def __init__(
        self, target: Target, settings: Settings, questions: Questions, nonce: bytes, deadline: float
    ) -> None:
        """`nonce` are 32 bytes by chance; at `deadline` (seconds, of the driver's clock) the target's time is up."""
        super().__init__(target)
        self._settings = settings
        self._questions = questions
        self._nonce = nonce
        self.deadline: float = deadline
        self.until: float = deadline
        self._until_read = deadline
        self._turn: Iterator[Probe] = iter(())
        self._asked: list[Asked] = []
        self._going: Asked | None = None
        self._leaving: list[bytes] = []
        self._strange: bytes | None = None
        self._again = False
        self._asked_at = 0.0

    # -- for drivers --------------------------------------------------------------------------------

    @property
    def may_ask(self) -> bool:
        """Whether one more datagram is not too many."""
        return self.datagrams < MOST

    def may_go_on(self, now: float) -> bool:
        """Whether, where it is over, the target's next address is worth a question."""
        return (
            self.status is not Status.BANNER
            and self.began is not None
            and self.may_ask
            and now < self.deadline
        )

    def doubts(self, refusals: Refusals, ip: str, now: float) -> float | None:
        """Seconds after which to ask `ip` once more, where it may be silent for want of refusals; None: do not.

        It is over; what it came to is noted in `refusals`.
        """
        if self.status is Status.REFUSED:
            refusals.refused(ip, now)
        silent = self.status is Status.SILENT and self.began is not None
        if (
            not self.doubt(silent and refusals.doubtful(ip, self._asked_at))
            or self._again
            or not self.may_ask
        ):
            return None
        wait = refusals.turn(ip, now)
        return None if wait is None or now + wait + REPEAT >= self.deadline else wait

    def ask_again(self, now: float) -> None:
        """Ask once more what was asked first: the refusal that may have been missing has room now."""
        self.reopen()
        self._again, self._turn = True, iter(())
        probe = self._questions.at(self.target.port)[0]
        self._asked.append(Asked(probe, self._wire))
        self._until_read, self._asked_at = self.deadline, now
        self._send(self._asked[0].first, now, REPEAT)

    def begin(self, now: float) -> None:
        """Ask at the target's first address, or at its next one."""
        self.reopen()
        self._again, self._asked_at = False, now
        self._asked.clear()
        port = self.target.port
        self._turn = iter(self._questions.at(port))
        self._until_read = min(self.deadline, now + self._settings.timeouts.read)
        if (refusal := self._questions.refusal(port)) is not None:
            self._finish(Status.SILENT, refusal)
        else:
            self._ask_next(now)

    def leaving(self) -> list[bytes]:
        """The datagrams that are to be sent now; asking empties it."""
        leaving, self._leaving = self._leaving, []
        return leaving

    def stand_still(self, seconds: float) -> None:
        """What is to leave waits so long for its turn: that is not the target's time."""
        self.put_off(seconds)
        self.deadline += seconds
        self._until_read += seconds
        self._asked_at += seconds
        self.until += seconds

    def arrived(self, data: bytes, now: float, port: int | None = None) -> None:
        """`data` came in one datagram, from `port` where that is another one than was asked."""
        if port != self.other_port and (self.over or self._going is not None):
            self.from_elsewhere()  # who answers has been found
            return
        if self.over or self.received >= self._settings.max_bytes:
            self.count(data, now)
            return
        cut = data[: self._settings.max_bytes - self.received]
        asked, taken = whose(self._asked, cut, port)
        if taken is Taken.STRANGE and port is not None:
            self.set_aside(cut, port, now)
            return
        self.count(data, now, port)
        if len(cut) < len(data):
            self.end = End.LIMIT
        if asked is None:
            self._note_strange(cut, now)
        elif taken is Taken.ECHO:
            self._tell(cut, ECHO, asked)
        elif taken is Taken.WHOLE:
            goodbye = asked.wire.leaving()
            self._finish_with(asked)
            self._send(goodbye, now, 0)
        else:
            self._go_on(asked, now)
        if not self.over and (
            self.received >= self._settings.max_bytes
            or self.answers >= (FLOOD if self._going is None else PARTS)
        ):
            self.end = End.LIMIT
            self._conclude()

    def failed(self, status: Status, error: str) -> None:
        """The network, or this machine, says that the question did not arrive."""
        if not self.over and not self._conclude_with_answers():
            self._finish(status, error)  # whatever another port said

    def due(self, now: float) -> None:
        """`until` has come."""
        going = self._going
        if self.over:
            return
        if now < self._until_read and self.may_ask:
            if going is None:
                if self._ask_next(now):
                    return
            elif going.further and not going.repeated:
                going.repeated = True
                self._send(going.last, now, ANSWER)
                return
        self._conclude()

    # -- within -------------------------------------------------------------------------------------

    def _wire(self, probe: Probe) -> Datagrams:
        return Datagrams(
            self.target.host,
            self.target.port,
            nonce=self._nonce,
            limit=min(probe.limit, self._settings.max_bytes),
            deep=self._settings.mode is Mode.FULL,
            manners=self._settings.manners,
        )

    def _ask_next(self, now: float) -> bool:
        """Ask the next question, or the same again; False where there is none."""
        for probe in self._turn:
            asked = next((asked for asked in self._asked if asked.probe is probe), None)
            if asked is None:
                asked = Asked(probe, self._wire)
                self._asked.append(asked)
                self.ask(probe.name)
            elif self._strange is not None:
                continue  # who answers, if not to this, has heard it
            last = probe is EMPTY or asked.repeated or self.datagrams + len(asked.first) >= MOST
            asked.repeated = True
            left = self._asked_at + REPEAT + ANSWER - now  # no more for three datagrams than for two
            self._send(asked.first, now, min(ANSWER, max(STRANGE, left)) if last else REPEAT)
            return True
        return False

    def _send(self, datagrams: list[bytes], now: float, wait: float) -> None:
        """Let `datagrams` leave, as many as there is room for, and `wait` so many seconds."""
        for data in datagrams[: MOST - self.datagrams]:
            self._leaving.append(data)
            self.left(data, now)
        self.until = min(now + wait, self._until_read)

    def _go_on(self, asked: Asked, now: float) -> None:
        """A part of an answer to `asked` came."""
        self._going = asked
        leaving, asked.leaving = asked.leaving, []
        if not leaving:
            self.until = min(now + STRANGE, self._until_read)
        elif self.may_ask:
            self._send(leaving, now, REPEAT if self.datagrams + len(leaving) < MOST else ANSWER)
        else:
            self._conclude()

    def _note_strange(self, data: bytes, now: float) -> None:
        """What came is no answer to what was asked, or not yet."""
        if self._going is not None:
            return
        if self._strange is None:
            self._strange = data
        known = self._by_rules(data)
        if known is not None or self._asked[-1].probe is EMPTY:
            self._tell(data, known, None)
        self.until = min(self.until, now + STRANGE)

    def _conclude(self) -> None:
        """Nothing more is asked, or read."""
        if self._conclude_with_answers():
            return
        data = self.take_aside()
        if data is None:
            self._finish(Status.SILENT)
        else:
            self._tell(data, self._by_rules(data), None)

    def _conclude_with_answers(self) -> bool:
        """Tell of what came; False where nothing did."""
        if self._going is not None:
            self._going.close()
            self._finish_with(self._going)
        elif self._strange is None:
            return False
        else:
            ends = (asked for asked in reversed(self._asked) if asked.wire.received and asked.close())
            if (asked := next(ends, None)) is not None:
                self._finish_with(asked)
            else:
                self._tell(self._strange, None, None)
        return True

    def _by_rules(self, data: bytes) -> Service | None:
        return self._questions.rules.fresh(data, self.target.port, datagram=True) if data else None

    def _finish_with(self, asked: Asked) -> None:
        """The dialogue of `asked` is over, and it had an answer."""
        wire, service = asked.wire, asked.service
        data = bytes(wire.received)
        if service is not None:
            fields = told(service.name, wire.details)
            by_rules = self._questions.rules.fresh(
                data, self.target.port, service.name, fields, datagram=True
            )
            service = merge(service, by_rules, asked.probe.name)
        self.tell(wire.details, wire.flight)
        self.end = wire.end if wire.end is End.LIMIT else self.end
        self._tell(data, service, asked)

    def _tell(self, data: bytes, service: Service | None, asked: Asked | None) -> None:
        limit = self._settings.limit
        self.end = End.LIMIT if len(data) > limit else self.end or End.COMPLETE
        self.heard(data[:limit], service, None if asked is None else asked.probe.name)
        self._finish(Status.BANNER)

    def _finish(self, status: Status, error: str | None = None) -> None:
        self.end_with(status, error)
        if self.datagrams > len(self._leaving):  # it is over before these, which nobody awaits, have left
            self.kept_back(self._leaving)
        self._leaving.clear()
        self._asked.clear()
