"""What went over the wire for one target: whom we addressed, and how many bytes there were each way."""

from __future__ import annotations


class Traffic:
    """Counted where it is written and read, over all connections, whichever driver holds them."""

    __slots__ = ("received", "said", "sent")

    def __init__(self) -> None:
        self.said: list[str] = []
        """The hellos, in order: the names of the dialogues that spoke, ``tls`` for a handshake."""
        self.sent = 0
        """Bytes that were written, inside TLS as they left."""
        self.received = 0
        """Bytes that were read, inside TLS as they came."""

    def add(self, other: Traffic) -> None:
        """What `other` counted belongs here as well."""
        self.said += other.said
        self.sent += other.sent
        self.received += other.received

    def speak(self, name: str, data: bytes, sent: bytes | bytearray) -> None:
        """`data` was written for the dialogue `name`; `sent` is all that it said so far, `data` included."""
        if len(data) == len(sent):
            self.said.append(name)
