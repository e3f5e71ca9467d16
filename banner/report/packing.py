"""Whole records in few bytes: by the hundred, deflated, inflated by the page when one of them is looked at."""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Sequence

BLOCK = 128
"""Records packed together: some 10 KB to inflate when one of them is looked at."""


def packed(records: Sequence[bytes]) -> list[str]:
    """JSON texts as blocks of `BLOCK`: a JSON array of each, deflated (RFC 1950), in base64."""
    return [
        binascii.b2a_base64(
            zlib.compress(b"[" + b",".join(records[at : at + BLOCK]) + b"]", 9), newline=False
        ).decode()
        for at in range(0, len(records), BLOCK)
    ]
