"""Telnet: refuse every option that the peer proposes, and read on to its prompt.

A peer that begins with option negotiation (RFC 854; RFC 1143 for answering each request once) waits for
answers before it shows its banner and login prompt. We answer DO with WONT and WILL with DONT, each option
once, so what we send is bounded. A peer without negotiation is telnet where its text ends in a login
prompt.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Want, Wholeness, Wire, whole
from ..models import Service
from ..text.utf16 import is_utf16
from ._text import MOST, text

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
OPTIONS: Final = {
    0: "binary", 1: "echo", 3: "suppress-go-ahead", 5: "status", 6: "timing-mark", 24: "terminal-type",
    25: "end-of-record", 31: "window-size", 32: "terminal-speed", 33: "remote-flow-control", 34: "linemode",
    35: "x-display-location", 36: "environ", 37: "authentication", 38: "encrypt", 39: "new-environ",
    42: "charset", 44: "com-port-control", 46: "start-tls",
}  # fmt: skip
"""IANA, "Telnet Options"."""
_VERBS: Final = {DO: "do", DONT: "dont", WILL: "will", WONT: "wont"}
_PROMPT = re.compile(rb"(?:login|user ?name|user|account|password|passcode) ?: ?\Z", re.IGNORECASE)


def talk(wire: Wire) -> Talk:
    reading = _Reading(wire)
    if is_utf16(wire.unread):
        return None
    while True:
        reading.take(wire.take(len(wire.received)))
        if reading.foreign or (not reading.asked and whole(bytes(wire.received)) is Wholeness.WHOLE):
            return None
        if wire.end is not None or not wire.room():
            break
        if not reading.text.strip():
            yield from wire.more()
        elif not wire.paused:  # a prompt has no end: it is there when nothing follows
            yield Want.PAUSE
        else:
            break
    if _PROMPT.search(reading.text) and wire.found is None:
        wire.claim(Service("telnet"))
    return wire.found


class _Reading:
    """What came so far: commands apart from text, whatever segments they come in."""

    def __init__(self, wire: Wire) -> None:
        self.text = bytearray()
        self.asked: set[tuple[int, int]] = set()
        self.foreign = False
        self._wire = wire
        self._ahead = b""

    def take(self, data: bytes) -> None:
        data, at = self._ahead + data, 0
        while not self.foreign and (iac := data.find(b"\xff", at)) >= 0:
            self._add(data[at:iac])
            at = iac
            if self.foreign or not (step := self._command(data, iac)):
                break
            at += step
        else:
            self._add(data[at:])
            at = len(data)
        self._ahead = data[at:]

    def _add(self, data: bytes) -> None:
        self.text += data
        if not self.asked and not _printable(self.text):
            self.foreign = True
        elif self.asked and (shown := text(bytes(self.text).replace(b"\0", b""), 1024)):
            self._wire.details["text"] = shown

    def _command(self, data: bytes, at: int) -> int:
        """How many bytes the command takes; 0 where its end has not come."""
        verb, option = data[at + 1 : at + 2], data[at + 2 : at + 3]
        if not verb:
            return 0
        if verb[0] in _VERBS:
            if option:
                self._answer(verb[0], option[0])
            return 3 if option else 0
        if verb[0] == SB:
            end = data.find(bytes([IAC, SE]), at)
            return end + 2 - at if end >= 0 else 0
        self.foreign = self.foreign or (verb[0] < SE and not self.asked)  # no command of telnet's
        return 2

    def _answer(self, verb: int, option: int) -> None:
        if (verb, option) in self.asked:
            return
        self.asked.add((verb, option))
        self._wire.paused = False  # an answer is due
        self._wire.claim(Service("telnet"))
        options = self._wire.details.setdefault("options", [])
        if len(options) < MOST:
            options.append(f"{_VERBS[verb]} {OPTIONS.get(option, option)}")
        if verb in (DO, WILL):
            self._wire.send(bytes([IAC, WONT if verb == DO else DONT, option]))


def _printable(data: bytearray) -> bool:
    """Whether `data` can be a terminal's text: no control characters but those that move a cursor."""
    return not any(byte < 32 and byte not in b"\0\a\b\t\n\v\f\r\x0e\x0f\x1b" for byte in data[:512])


PROBE = Probe("telnet", ports=(23, 2323), tls_ports=(992,), greets=True, talk=talk, limit=4096)
