"""HTTP/2's frames, as far as a server's first one needs them: SETTINGS (RFC 9113, sections 3.4, 4.1 and 6.5)."""

from __future__ import annotations

_SETTINGS = 4
_NAMES = {
    1: "header_table_size",
    2: "enable_push",
    3: "max_concurrent_streams",
    4: "initial_window_size",
    5: "max_frame_size",
    6: "max_header_list_size",
    8: "enable_connect_protocol",
}
"""IANA's registry "HTTP/2 Settings"."""
_GRPC = 0xFE03
"""GRPC_ALLOW_TRUE_BINARY_METADATA, which gRPC's C core alone sends (gRPC proposal G1)."""
_MOST = 64
"""Settings in one frame; servers send three to six."""


def settings(data: bytes) -> dict[str, int] | None:
    """The settings of the frame with which an HTTP/2 server greets, None where `data` is no such one.

    An unknown setting stands under its number; `grpc` tells whether one is gRPC's own.
    """
    length = int.from_bytes(data[:3])
    # Type, flags (no ACK), and stream 0, whose reserved bit is ignored.
    if len(data) < 9 or data[3] != _SETTINGS or data[4] & 1 or int.from_bytes(data[5:9]) & 0x7FFFFFFF:
        return None
    if length % 6 or length > 6 * _MOST or len(data) < 9 + length:
        return None
    pairs = [data[at : at + 6] for at in range(9, 9 + length, 6)]
    read = ((int.from_bytes(pair[:2]), int.from_bytes(pair[2:])) for pair in pairs)
    return {_NAMES.get(number, f"0x{number:04x}"): value for number, value in read}


def begins(data: bytes) -> bool:
    """Whether `data` may be the beginning of such a frame, and is not all of it."""
    if data[:1] != b"\0":  # nearly always
        return False
    size = 9 + int.from_bytes(data[:3]) if len(data) >= 3 else 9
    header = (
        data[:2] in (b"\0", b"\0\0", b"\0\1")
        and data[3:5] in (b"", b"\4", b"\4\0")
        and not data[5:9].strip(b"\0")
    )
    return header and size <= 9 + 6 * _MOST and len(data) < size


def grpc(found: dict[str, int]) -> bool:
    """Whether these settings are those of gRPC."""
    return f"0x{_GRPC:04x}" in found
