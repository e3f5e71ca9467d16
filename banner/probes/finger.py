"""Finger: a user named ``banner``, who is hardly anybody; the empty query, which lists who is there, is not said.

What is answered has no form. It is finger where it says that there is no such user, or describes one. What it describes
is not kept.
Source: RFC 1288, sections 2.3 (queries) and 2.5.2 (the answer to {C}); the words of BSD's, GNU's and Solaris' fingerd.
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service

QUERY = b"banner\r\n"
LONGEST = 2048
_NOBODY = re.compile(
    rb"\bno such user\b|\bunknown user\b|\buser not found\b|\bnot a (?:valid )?user\b|\bno matching users?\b"
    rb"|\bin real life: ?\?\?\?|\AIllegal character in username\b|\buser '?banner'? (?:not|does not)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    rb"^Login(?: name)?: ?banner\b|^Login {3,}Name\b|^Username: ?banner\b", re.IGNORECASE | re.MULTILINE
)


def talk(wire: Wire) -> Talk:
    wire.send(QUERY)
    answer = yield from wire.rest()
    if answer.startswith((QUERY, b"HTTP/", b"SSH-", b"220")):
        return None
    if _NOBODY.search(answer[:LONGEST]):
        wire.details["user"] = False
    elif _SOMEBODY.search(answer[:LONGEST]):
        wire.details["user"] = True
    else:
        return None
    return wire.claim(Service("finger"))


PROBE = Probe("finger", ports=(79,), at_home=True, talk=talk, limit=LONGEST)
