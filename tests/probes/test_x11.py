"""X11: vendors, releases, refusals."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server

X11 = probes.get("x11")


def granted(vendor: bytes, release: int, *, length: int | None = None) -> Played:
    fixed = struct.pack("<IIIIHHBB", release, 0, 0, 256, len(vendor), 65535, 1, 7) + bytes(10)
    data = fixed + vendor.ljust(-(-len(vendor) // 4) * 4, b"\0")
    units = len(data) // 4 if length is None else length
    return play(X11, [server(struct.pack("<BBHHH", 1, 0, 11, 0, units) + data)], strict=False)


@pytest.mark.parametrize(
    ("release", "version"), [(12101007, "21.1.7"), (12011000, "1.20.11"), (10600000, "1.6.0")]
)
def test_xorgs_release_is_a_version(release: int, version: str) -> None:
    service = granted(b"The X.Org Foundation", release).service
    assert service is not None
    assert (service.product, service.version) == ("X server", version)


def test_another_vendor_is_named_without_a_guess() -> None:
    service = granted(b"Moba/X", 12004000).service
    assert service is not None
    assert (service.vendor, service.product, service.version) == ("Moba/X", None, None)


def test_a_vendor_longer_than_the_answer_is_not_x11() -> None:
    assert granted(b"x" * 100, 1, length=9).service is None


def test_a_demand_for_more_authentication() -> None:
    said = b"\2" + b"\0" * 5 + b"\3\0" + b"one more step\0\0\0"[:12]
    played = play(X11, [server(said)], strict=False)
    assert played.service is not None
    assert played.wire.details["access"] == "authenticate"


@pytest.mark.parametrize(
    "said",
    [
        b"l\0\x0b\0\0\0\0\0\0\0\0\0",  # an echo
        b"\0\4\x0a\0\0\0\1\0nope",  # protocol 10
        b"\0\4\x0b\0\0\0\1\0\1\2\3\4",  # a reason that is no text
        b"\0\0\x0b\0\0\0\0\0",  # and none at all
        b"\2" + b"\0" * 15,
    ],
)
def test_what_only_starts_alike_is_not_claimed(said: bytes) -> None:
    assert play(X11, [server(said)], strict=False).service is None
