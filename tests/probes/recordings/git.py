"""Conversations of git."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Git 2.39.5, Debian 12, without a repository there",
        "recorded",
        turns=(
            client(b"0016git-upload-pack /\x00"),
            server(b"0033ERR access denied or repository not exported: /"),
        ),
        service=Service(name="git"),
        details={"error": "access denied or repository not exported: /"},
    ),
    Recording(
        "Git 2.39.5, Debian 12, a repository as the root",
        "recorded",
        turns=(
            client(b"0016git-upload-pack /\x00"),
            server(
                b"010599baa41b4ad2b0d996c11da87ad8b6530e053c8d HEAD\x00multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since deepen-not deepen-relative no-progress include-tag multi_ack_detailed symref=HEAD:refs/heads/master object-format=sha1 agent=git/2.39.5\n"
                b"003f99baa41b4ad2b0d996c11da87ad8b6530e053c8d refs/heads/master\n"
                b"0000"
            ),
            client(b"0000"),
        ),
        service=Service(name="git"),
        details={"object_format": "sha1", "agent": "git/2.39.5"},
    ),
)
