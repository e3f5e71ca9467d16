"""Conversations of svn."""

from banner.probes.svn import SUBVERSION

from ..conversation import Recording, server

RECORDINGS = (
    Recording(
        "Subversion 1.14.2, Debian 12",
        "recorded",
        turns=(
            server(
                b"( success ( 2 2 ( ) ( edit-pipeline svndiff1 accepts-svndiff2 absent-entries commit-revprops depth log-revprops atomic-revprops partial-replay inherited-props ephemeral-txnprops file-revs-reverse list ) ) ) "
            ),
        ),
        service=SUBVERSION,
        details={
            "min_version": 2,
            "max_version": 2,
            "capabilities": [
                "edit-pipeline",
                "svndiff1",
                "accepts-svndiff2",
                "absent-entries",
                "commit-revprops",
                "depth",
                "log-revprops",
                "atomic-revprops",
                "partial-replay",
                "inherited-props",
                "ephemeral-txnprops",
                "file-revs-reverse",
                "list",
            ],
        },
    ),
)
