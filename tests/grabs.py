"""Grabs made by hypothesis, for the tests of every format."""

from __future__ import annotations

from hypothesis import strategies as st

from banner.models import Certificate, End, Grab, Issued, Service, Status, Timings, Tls

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "",
        "'",
        "=1+1",
        "\t=1",
        "-2",
        "@x",
        "\uff1dA1",
        "a;=b",
        'q"q',
        "a,b",
        "\\x41",
        "\r\n",
        "\0",
        "\ufffe\uffff<&]]>",
    ]
)
maybe = st.none() | text
flag = st.none() | st.booleans()
seconds = st.none() | st.floats(0, 1e6, allow_nan=False)
services = st.builds(
    Service,
    name=text,
    vendor=maybe,
    product=maybe,
    version=maybe,
    os=maybe,
    device=maybe,
    info=maybe,
    cpe=st.lists(text, max_size=2).map(tuple),
    confidence=st.floats(0, 1),
    rule=maybe,
)
certificates = st.builds(
    Certificate,
    # A fingerprint belongs to one certificate: SQLite stores each once.
    sha256=st.uuids().map(lambda number: number.hex * 2),
    subject=maybe,
    names=st.lists(text, max_size=2).map(tuple),
    issuer=maybe,
    not_before=maybe,
    not_after=maybe,
    self_signed=flag,
    expired=flag,
    key_type=maybe,
    key_bits=st.none() | st.integers(0, 2**31 - 1),
    signature_algorithm=maybe,
    serial=maybe,
    spki_sha256=maybe,
    name_matches=flag,
    chain=st.lists(
        st.builds(Issued, sha256=text, subject=maybe, issuer=maybe, not_before=maybe, not_after=maybe),
        max_size=2,
    ).map(tuple),
)
sessions = st.builds(
    Tls,
    version=maybe,
    cipher=maybe,
    alpn=maybe,
    certificate=st.none() | certificates,
    starttls=maybe,
    client_certificate=flag,
    error=maybe,
)
banners = st.binary(max_size=60) | text.map(str.encode)
grabs = st.builds(
    Grab,
    time=st.integers(0, 253_402_300_799_999).map(lambda ms: ms / 1000),
    host=text | st.ip_addresses().map(str),
    port=st.integers(0, 65535),
    status=st.sampled_from(Status),
    ip=st.none() | st.ip_addresses().map(str),
    tag=maybe,
    end=st.none() | st.sampled_from(End),
    banner=banners,
    probe=maybe,
    connections=st.integers(0, 2**31 - 1),
    service=st.none() | services,
    tls=st.none() | sessions,
    timings=st.builds(Timings, dns=seconds, connect=seconds, tls=seconds, first_byte=seconds, total=seconds),
    details=st.dictionaries(
        text, st.integers(-(2**53), 2**53) | text | st.lists(text, max_size=2), max_size=2
    ),
    error=maybe,
)
