"""Conversations of finger."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "cfingerd 1.4.3, Debian 12",
        "recorded",
        turns=(
            client(b"banner\r\n"),
            server(
                b"\nDebian GNU/Linux      Copyright (c) 1993-1999 Software in the Public Interest\n\n"
                b"                            There is no such user.\n\n"
            ),
        ),
        service=Service("finger"),
        details={"user": False},
    ),
    Recording(
        "a user of that name",
        "the form of BSD's finger(1)",
        turns=(
            client(b"banner\r\n"),
            server(
                b"Login: banner \t\t\tName: Bruce\r\nDirectory: /home/banner\r\nNever logged in.\r\nNo Plan.\r\n"
            ),
        ),
        service=Service("finger"),
        details={"user": True},
    ),
    Recording(
        "an echo",
        "RFC 862",
        turns=(client(b"banner\r\n"), server(b"banner\r\n")),
        service=None,
    ),
)
