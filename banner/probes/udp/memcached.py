"""memcached over UDP: ``version`` behind a header of eight bytes, whose number comes back.

``stats`` is never asked: its answer is more than a hundred times as long as the question, and many others' requests
for it were sent in a victim's name (CVE-2018-1000115). Source: memcached's protocol.txt, "UDP protocol".
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Transport
from .. import _memcached
from ._asking import ask

_REST = b"\0\0\0\1\0\0"
"""The rest of the header: the first of one datagram, nothing reserved."""


def talk(wire: Datagrams) -> Talk:
    head = wire.nonce[:2] + _REST

    def line(data: bytes) -> bytes | None:
        said = data[8:].partition(b"\r\n")[0]
        return said if data[:8] == head and said.startswith(_memcached.OPENERS) else None

    answer = yield from ask(wire, head + b"version\r\n", line)
    service = _memcached.service(answer, wire.details) if answer else None
    return wire.claim(service) if service else None


PROBE = Probe("memcached", ports=(11211,), talk=talk, limit=2048, transport=Transport.UDP)
