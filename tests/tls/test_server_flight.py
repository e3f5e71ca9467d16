"""A server's first flight: whole, in any segments, cut, damaged, endless, or no flight at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.tls import ciphers
from banner.tls.server_flight import ALERTS, LIMIT, Flight
from tests import flights

FLIGHTS = {
    "SSLv3": flights.flight(),
    "SSLv3 in one record": flights.flight(together=True),
    "TLSv1": flights.flight(0x0301, 0x000A, asks=True),
    "TLSv1.1": flights.flight(0x0302, 0x0003),
    "TLSv1.2": flights.flight(0x0303, 0xC011, asks=True, together=True),
    "fragments": b"".join(
        flights.record(22, flights.flight(together=True)[5:][at : at + 50])
        for at in range(0, len(flights.flight(together=True)) - 5, 50)
    ),
}


def read(data: bytes, size: int = 1 << 20) -> Flight:
    flight = Flight()
    for at in range(0, len(data), size):
        flight.feed(data[at : at + size])
    return flight


def shown(flight: Flight) -> tuple[object, ...]:
    return (
        flight.version,
        flight.cipher,
        flight.chain,
        flight.asks,
        flight.alert,
        flight.tls,
        flight.done,
    )


@pytest.mark.parametrize(
    ("name", "version", "suite", "asks"),
    [
        ("SSLv3", "SSLv3", 0x0005, False),
        ("SSLv3 in one record", "SSLv3", 0x0005, False),
        ("TLSv1", "TLSv1", 0x000A, True),
        ("TLSv1.1", "TLSv1.1", 0x0003, False),
        ("TLSv1.2", "TLSv1.2", 0xC011, True),
        ("fragments", "SSLv3", 0x0005, False),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100, 1 << 20])
def test_a_flight_shows_the_same_in_any_segments(
    name: str, version: str, suite: int, asks: bool, size: int
) -> None:
    flight = read(FLIGHTS[name], size)
    assert shown(flight) == (version, ciphers.NAMES[suite], flights.CHAIN, asks, None, True, True)


@pytest.mark.parametrize("data", FLIGHTS.values(), ids=FLIGHTS.keys())
def test_a_flight_cut_anywhere_shows_what_came_and_is_not_done(data: bytes) -> None:
    whole = read(data)
    for cut in range(len(data)):
        part = read(data[:cut])
        assert not part.done
        assert part.version in (None, whole.version)
        assert part.chain in ((), flights.CHAIN)
    in_one_record = 5 + int.from_bytes(data[3:5]) == len(data)
    assert part.chain == (() if in_one_record else flights.CHAIN)


def test_tls_1_3_ends_with_the_server_hello_but_not_with_a_retry() -> None:
    versions = b"\0\x2b\0\2\3\4"
    hello = flights.server_hello(0x0303, 0x1301, versions)
    retry_random = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    retry = flights.server_hello(0x0303, 0x1302, versions, retry_random)
    flight = read(flights.record(22, retry) + flights.record(20, b"\1"))
    assert (flight.version, flight.cipher, flight.done) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384", False)
    flight.feed(flights.record(22, hello))
    assert (flight.version, flight.cipher, flight.done) == ("TLSv1.3", "TLS_AES_128_GCM_SHA256", True)


def test_an_alert_ends_the_flight_when_it_is_fatal_and_is_kept_when_it_is_not() -> None:
    refused = read(flights.record(21, b"\2\x28"))
    assert (refused.alert, refused.done, refused.tls) == ("handshake_failure", True, True)
    warned = read(flights.record(21, b"\1\x70") + FLIGHTS["SSLv3"])
    assert (warned.alert, warned.version, warned.chain) == ("unrecognized_name", "SSLv3", flights.CHAIN)
    assert read(flights.record(21, b"\2\xfe")).alert == "alert 254"
    assert read(flights.record(21, b"\1\0")).done
    late = read(FLIGHTS["TLSv1"][:-9] + flights.record(21, b"\2\x50"))
    assert (late.chain, late.alert) == (flights.CHAIN, "internal_error")
    assert len(ALERTS) == len(set(ALERTS.values()))


def test_what_is_encrypted_is_not_read() -> None:
    for kind in (20, 23):
        opening = flights.record(22, flights.server_hello(0x0303, 0xC02F)) + flights.record(kind, b"\1")
        flight = read(opening + flights.record(22, flights.certificates(flights.DER)))
        assert (flight.done, flight.chain) == (True, ())


def test_ssl_2_is_told_with_its_certificate() -> None:
    for size in (1, 50, 1 << 20):
        flight = read(flights.sslv2_hello(), size)
        assert (flight.version, flight.chain, flight.done) == ("SSLv2", (flights.DER,), True)
    assert read(flights.sslv2_hello()[:-1]).chain == ()


@pytest.mark.parametrize(
    "data",
    [b"HTTP/1.1 400", b"2", b"\xff\xfd\x18", b"\x16\x02", b"\x80\x80\x04\0\1\3\1", b"\0", b"\x18\3"],
)
def test_other_bytes_are_told_at_once(data: bytes) -> None:
    flight = read(data)
    assert (flight.tls, flight.done) == (False, True)
    assert read(data, 1).tls is False


@pytest.mark.parametrize(
    "data",
    [
        flights.record(22, b"\2" + flights.sized(b"\3\3", 3)),
        flights.record(22, b"\2" + flights.sized(bytes(34) + b"\xff" + bytes(20), 3)),
        flights.record(22, b"\x0b\xff\xff\xff"),
        b"\x16\3\1\xff\xff",
        flights.record(22, b"") + b"\x47",
    ],
)
def test_nonsense_inside_ends_the_reading(data: bytes) -> None:
    flight = read(data + bytes(5))
    assert (flight.tls, flight.done, flight.version) == (True, True, None)


def test_a_certificate_list_that_lies_about_its_lengths_costs_the_certificate() -> None:
    for body in (b"", b"\0\0\0", b"\0\0\3\0\0\0", b"\xff\xff\xff\xff\xff\xff"):
        flight = read(flights.record(22, flights.server_hello(0x0300, 5) + b"\x0b" + flights.sized(body, 3)))
        assert (flight.version, flight.chain) == ("SSLv3", ())


@pytest.mark.parametrize(
    "flood", [flights.record(22, b""), flights.record(21, b"\1\x5a"), flights.record(22, bytes(4))]
)
@pytest.mark.parametrize("size", [1, 65536])
def test_a_flood_is_read_up_to_the_limit(flood: bytes, size: int) -> None:
    began = time.process_time()
    assert read(flood * (LIMIT // len(flood) + 1), size).done
    assert not read(flood * (LIMIT // len(flood) - 1), size).done
    assert time.process_time() - began < 2


@given(
    st.sampled_from(sorted(FLIGHTS)),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(1, 300),
)
def test_damage_raises_nothing_and_segments_change_nothing(
    name: str, damage: list[tuple[int, int]], size: int
) -> None:
    data = bytearray(FLIGHTS[name])
    for at, octet in damage:
        data[at % len(data)] = octet
    assert shown(read(bytes(data), size)) == shown(read(bytes(data)))


@given(st.binary(max_size=400), st.integers(1, 9))
def test_any_bytes(data: bytes, size: int) -> None:
    for start in (b"", b"\x16\3\1", b"\x80"):
        assert shown(read(start + data, size)) == shown(read(start + data))
