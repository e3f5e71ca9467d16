"""How long each phase of a visit may take."""

from __future__ import annotations

import msgspec

from ..text.taken import check_seconds
from .modelled import Modelled


class Timeouts(Modelled, msgspec.Struct, frozen=True):
    """How long each phase may take, in seconds. ``total`` covers the whole target, DNS included."""

    # Linux sends a lost SYN again after 1 and 3 s (RFC 6298, section 2.1, doubled each time): 5 s leaves
    # room for two lost ones.
    connect: float = 5.0
    # Mail servers hold their greeting back for about 5 s to catch those who speak first (sendmail's
    # greet_pause, postscreen's greet_wait of 6 s): a shorter wait would miss them.
    read: float = 7.0
    total: float = 20.0
    dns: float = 5.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            check_seconds(f"the {name} timeout", getattr(self, name))
