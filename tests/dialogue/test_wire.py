"""When a greeting is whole, whatever segments it comes in; and a wire's reads, bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.dialogue import Ended, Talk, Want, Wholeness, Wire, whole
from banner.models import End, Service

# Greetings with an end of their own: every true prefix is a part (or open), the whole is whole.
WHOLE = {
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
    "ssh without CR": b"SSH-2.0-dropbear\n",
    "ssh after other lines": b"Authorised use only\r\nNo, really\r\nSSH-2.0-OpenSSH_9.2\r\n",
    "smtp": b"220 mail.example ESMTP Postfix\r\n",
    "smtp multi-line": b"220-one\r\n220-two\r\n220-three\r\n220 mail.example ready\r\n",
    "ftp with free text inside": b"220-Welcome\r\n  not a code\r\n221 another code\r\n220 ready\r\n",
    "a bare code": b"220-hello\r\n220\r\n",
    "refusal": b"421 too many connections\r\n",
    "nntp": b"200 news.example InterNetNews ready\r\n",
    "pop3": b"+OK Dovecot ready.\r\n",
    "pop3 refusal": b"-ERR go away\r\n",
    "imap": b"* OK [CAPABILITY IMAP4rev1] ready\r\n",
    "mysql": bytes([10, 0, 0, 0, 10]) + b"8.0.36\0ab",
    "mysql error": bytes([7, 0, 0, 0, 0xFF]) + b"j\x04Host",
    "openwire": b"\0\0\0\x0e\1ActiveMQ\0\0\0\x0c\0",
    "vnc": b"RFB 003.008\n",
    "rsync": b"@RSYNCD: 31.0 sha512 sha256\n",
    "nats": b'INFO {"server_id":"x","version":"2.9"}\r\n',
    "managesieve": b'"IMPLEMENTATION" "Dovecot"\r\n"SASL" "PLAIN"\r\nOK "ready."\r\n',
    "svn": b"( success ( 2 2 ( ) ( edit-pipeline svndiff1 ) ) ) ",
}
OPEN = {
    "telnet": b"\xff\xfd\x18\xff\xfd\x20",
    "text": b"Connection Established",
    "a line of text": b"Connection Established\r\n",
    "four digits": b"2200 hello\r\n",
    "binary": b"\x00\x01\x02\x03\x04\x05",
    "http": b"HTTP/1.0 400 Bad Request\r\n\r\n",
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE.keys())
def test_a_greeting_ends_where_its_protocol_says(data: bytes) -> None:
    assert whole(data) is Wholeness.WHOLE
    for cut in range(1, len(data.rstrip(b" "))):
        assert whole(data[:cut]) is not Wholeness.WHOLE, data[:cut]


@pytest.mark.parametrize("data", OPEN.values(), ids=OPEN.keys())
def test_what_has_no_end_is_open(data: bytes) -> None:
    assert whole(data) is Wholeness.OPEN


@pytest.mark.parametrize(
    "start", [b"S", b"SSH", b"22", b"220", b"+", b"* O", b"RFB", b'"IMPL', b"INFO ", b"( suc"]
)
def test_the_start_of_a_known_form_waits_for_more(start: bytes) -> None:
    assert whole(start) is Wholeness.PART


def test_the_first_greeting_of_two_in_a_segment_is_enough() -> None:
    assert whole(b"220 a\r\n220-and then\r\n") is Wholeness.WHOLE


@given(st.binary(max_size=2048))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert whole(data) in Wholeness


def drive(talk: Talk, wire: Wire, segments: list[bytes], end: End = End.EOF) -> Service | None:
    """Answer each wait with the next segment, then with `end`."""
    feed = iter(segments)
    try:
        want = next(talk)
        while True:
            assert want is not Want.TLS
            data = next(feed, None)
            if data is not None:
                wire.feed(data[: wire.room()])
            elif want is Want.PAUSE:
                wire.paused = True
            else:
                wire.close(end)
            want = talk.send(None)
    except StopIteration as done:
        result: Service | None = done.value
        return result


def test_a_wire_reads_lines_counts_and_delimiters_in_any_segments() -> None:
    seen: list[bytes] = []

    def talk(wire: Wire) -> Talk:
        seen.append((yield from wire.line()))
        seen.append((yield from wire.exactly(3)))
        seen.append((yield from wire.until(b"--")))
        seen.append((yield from wire.rest()))
        return Service("x")

    data = b"a line\r\n123until--the rest"
    for size in (1, 2, 5, 100):
        seen.clear()
        wire = Wire()
        assert drive(talk(wire), wire, [data[i : i + size] for i in range(0, len(data), size)])
        assert seen == [b"a line", b"123", b"until--", b"the rest"]


@pytest.mark.parametrize("end", [End.EOF, End.RESET, End.DEADLINE])
def test_a_wait_for_what_never_comes_is_ended_with_the_reason(end: End) -> None:
    def talk(wire: Wire) -> Talk:
        wire.claim(Service("x"))
        yield from wire.line()
        return None

    wire = Wire()
    with pytest.raises(Ended) as ended:
        drive(talk(wire), wire, [b"half"], end)
    assert ended.value.end is end
    assert wire.found == Service("x")
    assert wire.unread == b"half"


def test_a_dialogue_never_reads_beyond_its_limit() -> None:
    def talk(wire: Wire) -> Talk:
        yield from wire.line()
        return None

    wire = Wire(limit=10)
    with pytest.raises(Ended) as ended:
        drive(talk(wire), wire, [b"x" * 8] * 4)
    assert ended.value.end is End.LIMIT
    assert len(wire.received) == 10


def test_bytes_from_before_tls_never_pass_for_an_answer_inside_it() -> None:
    def talk(wire: Wire) -> Talk:
        wire.send(b"STARTTLS\r\n")
        yield from wire.line()
        started = yield from wire.start_tls()
        assert started
        assert wire.unread == b""
        return Service("x")

    wire = Wire()
    going = talk(wire)
    assert next(going) is Want.BYTES
    wire.feed(b"220 go ahead\r\n250 injected\r\n")
    assert going.send(None) is Want.TLS
    wire.tls = True
    with pytest.raises(StopIteration):
        going.send(None)


@pytest.mark.parametrize("port", [22, 2222, 2022, 22222])
def test_at_a_port_of_ssh_no_other_line_of_text_is_the_end(port: int) -> None:
    notice = b"*** Authorised users only ***\r\n"
    assert whole(notice, port) is Wholeness.PART
    assert whole(notice, 4000) is Wholeness.OPEN
    assert whole(notice + b"SSH-2.0-x\r\n", port) is Wholeness.WHOLE
    assert whole(b"\xff\xfd\x18login: ", port) is Wholeness.OPEN  # telnet, moved there


@pytest.mark.parametrize("first", [b"120 ready in 3 minutes\r\n", b"120-ready\r\n in 3\r\n120 minutes\r\n"])
@pytest.mark.parametrize("last", [b"220 FTP\r\n", b"220-FTP\r\n here\r\n220 ready\r\n", b"421 not today\r\n"])
def test_the_reply_that_ftp_announces_belongs_to_the_greeting(first: bytes, last: bytes) -> None:
    data = first + last
    assert whole(data) is Wholeness.WHOLE
    for cut in range(1, len(data)):
        assert whole(data[:cut]) is not Wholeness.WHOLE, data[:cut]


def test_a_peer_may_announce_his_reply_as_often_as_he_likes() -> None:
    announced = b"120 soon\r\n" * 5000
    assert whole(announced) is Wholeness.PART
    assert whole(announced + b"220-FTP\r\n") is Wholeness.PART
    assert whole(announced + b"220-FTP\r\n220 ready\r\n") is Wholeness.WHOLE
