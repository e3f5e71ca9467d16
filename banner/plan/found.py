"""What is known of a UDP target: what left, what came, and what that is."""

from __future__ import annotations

from collections.abc import Collection

from ..models import End, Service, Status, Target
from ..tls.server_flight import Flight


class Found:
    """Filled by an `Exchange`, read by whoever makes a record."""

    __slots__ = (
        "answers", "aside", "banner", "began", "datagrams", "details", "doubtful", "elsewhere", "end", "error", "first",
        "flight", "other_port", "over", "probe", "received", "said", "sent", "service", "status", "target",
    )  # fmt: skip

    def __init__(self, target: Target) -> None:
        self.target: Target = target
        self.over: bool = False
        """Nothing more is asked, or read."""
        self.status: Status = Status.SILENT
        self.error: str | None = None
        self.end: End | None = None
        self.banner: bytes = b""
        self.service: Service | None = None
        self.details: dict[str, object] = {}
        self.flight: Flight | None = None
        """What a server of DTLS showed."""
        self.probe: str | None = None
        """Whose answer came; who was asked first, where none did."""
        self.said: list[str] = []
        self.datagrams: int = 0
        """Datagrams that left."""
        self.sent: int = 0
        """Bytes in them."""
        self.answers: int = 0
        """Datagrams that came from the address that was asked."""
        self.received: int = 0
        """Bytes in them."""
        self.elsewhere: int = 0
        """Datagrams that were dropped: from other addresses, or from other ports and no answers."""
        self.aside: tuple[bytes, int, float] | None = None
        """The first of these that came from another port, with that, and when."""
        self.other_port: int | None = None
        """From where an answer came, if not from the port that was asked (RFC 1350, section 4)."""
        self.doubtful: bool = False
        """It was silent while its host had refused as many ports as it says in a second."""
        self.began: float | None = None
        """When the first datagram left, and when the first one came (`first`)."""
        self.first: float | None = None

    # What changes it is here alone, for type checkers take no subclass's word for what a field holds.

    def reopen(self) -> None:
        """It is asked at its first address, at another one, or once more."""
        self.over, self.doubtful, self.aside = False, False, None
        self.status, self.error = Status.SILENT, None

    def left(self, data: bytes, now: float) -> None:
        """`data` left in one datagram."""
        if self.began is None:
            self.began = now
        self.datagrams += 1
        self.sent += len(data)

    def put_off(self, seconds: float) -> None:
        """So long nothing could leave: all that has its time is told as if it had been so much later."""
        self.began = None if self.began is None else self.began + seconds
        self.first = None if self.first is None else self.first + seconds
        if self.aside is not None:
            data, port, came = self.aside
            self.aside = data, port, came + seconds

    def ask(self, name: str) -> None:
        """The dialogue `name` has said something."""
        if name not in self.said:
            self.said.append(name)
        self.probe = self.probe or name

    def count(self, data: bytes, now: float, port: int | None = None) -> None:
        """`data` came from the address that was asked, from `port` where that is another one."""
        if self.first is None:
            self.first = now
        self.answers += 1
        self.received += len(data)
        self.other_port = port or self.other_port

    def from_elsewhere(self) -> None:
        """A datagram came that is no answer, as from an address that was not asked: it is dropped, and counted."""
        self.elsewhere += 1

    def doubt(self, doubtful: bool) -> bool:
        """Whether its silence says nothing."""
        self.doubtful = doubtful
        return doubtful

    def heard(self, data: bytes, service: Service | None, probe: str | None) -> None:
        """The answer was `data`, to the dialogue `probe` where that is known."""
        self.banner, self.service = data, service
        self.probe = probe or self.probe

    def tell(self, details: dict[str, object], flight: Flight | None) -> None:
        """What the answer told besides."""
        self.details, self.flight = details, flight

    def end_with(self, status: Status, error: str | None) -> None:
        """Nothing more is asked, or read."""
        self.over, self.status, self.error = True, status, error

    def kept_back(self, datagrams: Collection[bytes]) -> None:
        """`datagrams` were to leave, and could not."""
        self.datagrams -= len(datagrams)
        self.sent -= sum(map(len, datagrams))
        if not self.datagrams:
            self.said.clear()
            self.probe = None

    def set_aside(self, data: bytes, port: int, now: float) -> None:
        """What came from another `port` and is no answer may be anybody's: it ends no waiting."""
        self.elsewhere += 1
        self.aside = self.aside or (data, port, now)

    def take_aside(self) -> bytes | None:
        """What another port said is to be told: the port that was asked says nothing. None where nobody did."""
        if self.aside is None:
            return None
        data, self.other_port, came = self.aside
        self.elsewhere -= 1
        self.count(data, came)
        return data
