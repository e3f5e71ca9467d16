"""What is known of a UDP target: what left, what came, and what that is."""

from __future__ import annotations

from ..models import End, Service, Status, Target
from ..tls.server_flight import Flight


class Found:
    """Filled by an `Exchange`, read by whoever makes a record."""

    __slots__ = (
        "answers", "aside", "banner", "began", "datagrams", "details", "doubtful", "elsewhere", "end", "error", "first",
        "flight", "other_port", "over", "probe", "received", "said", "sent", "service", "status", "target",
    )  # fmt: skip

    def __init__(self, target: Target) -> None:
        self.target = target
        self.over = False
        """Nothing more is asked, or read."""
        self.status = Status.SILENT
        self.error: str | None = None
        self.end: End | None = None
        self.banner = b""
        self.service: Service | None = None
        self.details: dict[str, object] = {}
        self.flight: Flight | None = None
        """What a server of DTLS showed."""
        self.probe: str | None = None
        """Whose answer came; who was asked first, where none did."""
        self.said: list[str] = []
        self.datagrams = self.sent = 0
        """Datagrams, and bytes in them, that left."""
        self.answers = self.received = 0
        """The same, of what came from the address that was asked."""
        self.elsewhere = 0
        """Datagrams that were dropped: from other addresses, or from other ports and no answers."""
        self.aside: tuple[bytes, int, float] | None = None
        """The first of these that came from another port, with that, and when."""
        self.other_port: int | None = None
        """From where an answer came, if not from the port that was asked (RFC 1350, section 4)."""
        self.doubtful = False
        """It was silent while its host had refused as many ports as it says in a second."""
        self.began: float | None = None
        """When the first datagram left, and when the first one came (`first`)."""
        self.first: float | None = None

    def count(self, data: bytes, now: float) -> None:
        """`data` came from the address that was asked."""
        if self.first is None:
            self.first = now
        self.answers += 1
        self.received += len(data)

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
