"""A record holds exactly what was grabbed, and reading one back survives any damage."""

from __future__ import annotations

import json
import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.formats.record import decode, encode, pattern, timestamp, told
from banner.models import End, Grab, Service, Status, Timings
from tests.grabs import grabs


@given(grabs)
def test_what_was_grabbed_comes_back_exactly(grab: Grab) -> None:
    line = encode(grab)
    assert decode(line) == grab
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert None not in json.loads(line).values()


@given(grabs, st.integers(0, 65535), st.integers(0, 999_999), st.integers(0, 999_999), st.ip_addresses())
def test_a_pattern_makes_the_record(grab: Grab, port: int, first: int, total: int, ip: object) -> None:
    seconds = Timings(first_byte=first / 1e6, total=total / 1e6)
    grab = msgspec.structs.replace(grab, host=str(ip), ip=str(ip), port=port, tag=None, timings=seconds)
    made = pattern(grab) % (timestamp(grab.time).encode(), *[str(ip).encode()] * 2, first, total)
    assert decode(made) == decode(encode(grab))
    assert list(json.loads(made)) == list(json.loads(encode(grab))), "the fields stand in their order"


@given(grabs, st.sampled_from(End), st.sampled_from([(), ("http",)]))
def test_what_was_told_is_written_as_its_grab_is(grab: Grab, end: End, said: tuple[str, ...]) -> None:
    seconds = Timings(connect=0.000001 if said else None, first_byte=0.25, total=3.0)
    grab = Grab(
        grab.time, grab.host, grab.port, Status.BANNER, "192.0.2.1", grab.tag, end, grab.banner, "http", 1,
        grab.service, None, seconds, grab.details, None, said, grab.sent, grab.received,
    )  # fmt: skip
    assert encode(grab) == told(
        timestamp(grab.time), grab.host, grab.port, "192.0.2.1", grab.tag, end, grab.banner, "http", said,
        grab.sent, grab.received, grab.service, seconds, grab.details,
    )  # fmt: skip


def test_the_record_of_the_design() -> None:
    grab = Grab(
        time=1795361219.123,
        host="mail.example",
        port=25,
        status=Status.BANNER,
        ip="192.0.2.7",
        tag="dmz",
        end=End.COMPLETE,
        banner=b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n",
        probe="listen",
        connections=1,
        timings=Timings(connect=0.02, first_byte=0.04, total=0.09),
    )
    assert encode(grab) == (
        b'{"v":1,"time":"2026-11-22T15:26:59.123Z","host":"mail.example","port":25,"ip":"192.0.2.7","tag":"dmz",'
        b'"status":"banner","end":"complete","banner":"220 mail.example ESMTP Postfix (Debian/GNU)\\r\\n",'
        b'"probe":"listen","connections":1,"timings":{"connect":0.02,"first_byte":0.04,"total":0.09}}\n'
    )


def test_bytes_that_are_no_text_are_base64_and_say_so() -> None:
    record = json.loads(encode(Grab(time=0, host="h", port=1, status=Status.BANNER, banner=b"\xff\xfb\x01")))
    assert (record["banner"], record["encoding"]) == ("//sB", "base64")


LINE = encode(Grab(time=1.5, host="h", port=1, status=Status.BANNER, banner=b"\xff", service=Service("ssh")))


@given(st.integers(0, len(LINE) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_damaged_line_is_a_value_error_or_a_record(at: int, noise: bytes, dropped: int) -> None:
    try:
        decode(LINE[:at] + noise + LINE[at + dropped :])
    except ValueError as error:
        assert str(error).startswith("not a record")


@given(st.binary(max_size=200) | st.text(string.printable, max_size=200).map(str.encode))
def test_noise_is_a_value_error(noise: bytes) -> None:
    with pytest.raises(ValueError, match="not a record"):
        decode(noise)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[" * 100_000,
        b'{"v":2,"time":"2026-01-01T00:00:00Z","host":"h","port":1,"status":"banner"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","host":"h","port":65536,"status":"banner"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","host":"h","port":1,"status":"open"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","port":1,"status":"silent"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","host":"h","status":"silent"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","host":"h","port":1}',
        b'{"v":1,"time":"yesterday","host":"h","port":1,"status":"banner"}',
        b'{"v":1,"time":"2026-01-01T00:00:00","host":"h","port":1,"status":"banner"}',
        b'{"v":1,"time":"2026-01-01T00:00:00Z","host":"h","port":1,"status":"banner","banner":"*","encoding":"base64"}',
    ],
)
def test_what_is_no_record_says_why(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a record"):
        decode(line)
