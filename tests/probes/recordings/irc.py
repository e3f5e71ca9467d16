"""Conversations of irc."""

from banner.models import Service

from ..conversation import Recording, server

RECORDINGS = (
    Recording(
        "InspIRCd 3.15, Debian 12",
        "recorded",
        turns=(server(b":irc.example.net NOTICE * :*** Looking up your hostname...\r\n"),),
        service=Service(name="irc"),
        details={"server": "irc.example.net", "notices": ["*** Looking up your hostname..."]},
    ),
    Recording(
        "ngIRCd 26.1, Debian 12",
        "recorded",
        turns=(
            server(
                b"NOTICE * :*** Looking up your hostname\r\nNOTICE * :*** Found your hostname: localhost\r\n"
            ),
        ),
        service=Service(name="irc"),
        details={"notices": ["*** Looking up your hostname", "*** Found your hostname: localhost"]},
    ),
)
