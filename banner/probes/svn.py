"""svnserve: the server greets with the protocol versions and the capabilities that it knows.

``( success ( minver maxver mechs:list ( cap:word ... ) ) )``, or a failure (Subversion,
libsvn_ra_svn/protocol, section 3.1.1 "Greeting"). Nothing is said: the answer would name a repository.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text, texts

SUBVERSION: Final = Service(
    "svn", vendor="Apache", product="Subversion", cpe=("cpe:2.3:a:apache:subversion:*:*:*:*:*:*:*:*",)
)
"""The protocol is the product's own: nobody else serves it."""
_GREETING = re.compile(rb"\( success \( (\d{1,4}) (\d{1,4}) \( ?([^()]*)\) \( ([^()]*)\) \) \)")
_FAILURE = re.compile(rb"\( failure \( \( (\d{1,9}) \d+:([^\n]{0,512})")


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"( success ( ", b"( failure ( ( ")):
        return None
    data = yield from wire.until(b") ) )", 4096)
    if found := _GREETING.fullmatch(data):
        wire.details["min_version"] = int(found[1])
        wire.details["max_version"] = int(found[2])
        wire.details["capabilities"] = texts(found[4].split())
        return wire.claim(SUBVERSION)
    if refused := _FAILURE.match(data):
        wire.details["error_code"] = int(refused[1])
        wire.details["error"] = text(refused[2])
        return wire.claim(SUBVERSION)
    return None


PROBE = Probe("svn", ports=(3690,), greets=True, asks=False, talk=talk, limit=4096)
