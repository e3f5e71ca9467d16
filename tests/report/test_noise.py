"""Greetings of an unchanged service are equal without their noise; versions are never noise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.report.volatile import quiet

SAME = [
    (
        b"220 mx ESMTP Sendmail 8.17.1; Sun, 22 Nov 2026 15:26:59 +0100 (CET)\r\n",
        b"220 mx ESMTP Sendmail 8.17.1; Mon, 23 Nov 2026 01:02:03 GMT\r\n",
    ),
    (
        b"220 mx.example ESMTP 4fb4d7f45d1cf-5cf03ba2b18si1200a12.245 - gsmtp\r\n",
        b"220 mx.example ESMTP 98e67ed59e1d1-2e06a8c3f10si9911b77.101 - gsmtp\r\n",
    ),
    (
        b"220 mx.example ESMTP Exim 4.96 Sun, 22 Nov 2026 18:55:09 +0000 \r\n",
        b"220 mx.example ESMTP Exim 4.96 Mon, 30 Nov 2026 08:05:59 +0000 \r\n",
    ),
    (b"+OK POP3 ready <1896.697170952@mail.example>\r\n", b"+OK POP3 ready <77.1795361219@mail.example>\r\n"),
    (
        b'HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 15:26:59 GMT\r\nETag: "5f-1"\r\nServer: nginx/1.22.1\r\n',
        b'HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 15:26:59 GMT\r\nETag: "aa-2"\r\nServer: nginx/1.22.1\r\n',
    ),
    (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=abc; Path=/\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=xyz; Path=/\r\n",
    ),
    (
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="a", nonce="Zm9v", qop="auth"\r\n',
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="a", nonce="YmFy", qop="auth"\r\n',
    ),
    (
        b"HTTP/1.1 200 OK\r\nX-Request-Id: 1\r\nCF-RAY: 8f-AMS\r\n",
        b"HTTP/1.1 200 OK\r\nX-Request-Id: 2\r\nCF-RAY: 9a-FRA\r\n",
    ),
    (
        b"220-You are user number 3 of 50 allowed.\r\n220-Local time is now 15:26. Server port: 21.\r\n",
        b"220-You are user number 7 of 50 allowed.\r\n220-Local time is now 09:01. Server port: 21.\r\n",
    ),
    (
        b":irc 251 you :There are 12 users and 3 invisible on 1 server\r\n",
        b":irc 251 you :There are 14 users and 0 invisible on 1 server\r\n",
    ),
    (
        b"NOTICE * :*** Looking up your hostname\r\n",
        b"NOTICE * :*** Looking up your hostname\r\nNOTICE * :*** Found your hostname: a.example\r\n",
    ),
    (
        b":irc.example NOTICE AUTH :*** Checking Ident\r\n:irc.example NOTICE AUTH :*** No Ident response\r\n",
        b":irc.example NOTICE AUTH :*** Checking Ident\r\n",
    ),
    (
        b'INFO {"server_id":"NABC","version":"2.9.10","client_id":5,"client_ip":"127.0.0.1"}\r\n',
        b'INFO {"server_id":"NXYZ","version":"2.9.10","client_id":9,"client_ip":"127.0.0.1"}\r\n',
    ),
    (
        b"<stream:stream from='a' id='f3c1' version='1.0'>",
        b"<stream:stream from='a' id='99aa' version='1.0'>",
    ),
    (b"build 3f2504e0-4f89-41d3-9a0c-0305e82c3301", b"build 7c9e6679-7425-40de-944b-e07fc1f90ae7"),
    (b"22 NOV 2026 15:26:59 UTC\r\n", b"23 DEC 2026 01:01:01 UTC\r\n"),
    (b"Sun Nov 22 15:26:59 2026\r\n", b"Mon Nov 23 01:02:03 2026\r\n"),
    (b"up since 2026-11-22T15:26:59.123Z, 1795361219 s\n", b"up since 2026-11-23T01:02:03Z, 1795999999 s\n"),
    (
        b"Zookeeper version: 3.8.0\nReceived: 12\nSent: 11\nZxid: 0x5\nMode: standalone\n",
        b"Zookeeper version: 3.8.0\nReceived: 99\nSent: 98\nZxid: 0x6\nMode: standalone\n",
    ),
    (
        b"SSH-2.0-OpenSSH_9.2p1\r\n\0\0\x04<\t\x14\xf1\xe2cookie",
        b"SSH-2.0-OpenSSH_9.2p1\r\n\0\0\x04<\t\x14\x11\x22eikooc",
    ),
]
OTHER = [
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n", b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u11\r\n"),
    (b"SSH-2.0-OpenSSH_for_Windows_8.1\r\n", b"SSH-2.0-OpenSSH_for_Windows_8.6\r\n"),
    (b"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n", b"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.11\r\n"),
    (b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n", b"HTTP/1.1 200 OK\r\nServer: nginx/1.23.0\r\n"),
    (b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 404 Not Found\r\n"),
    (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=abc; Path=/\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=abc; Path=/\r\n",
    ),
    (b"Server: Apache/2.4.62 (Debian) OpenSSL/3.0.19", b"Server: Apache/2.4.62 (Debian) OpenSSL/3.0.20"),
    (b"220 ProFTPD 1.3.8 Server", b"220 ProFTPD 1.3.8b Server"),
    (b"RFB 003.008\n", b"RFB 003.003\n"),
    (b"@RSYNCD: 31.0\n", b"@RSYNCD: 32.0\n"),
    (b"* OK IMAP4 ready", b"* OK IMAP4rev1 ready"),
    (b"Cisco IOS 15.2(4)E10", b"Cisco IOS 15.2(7)E3"),
    (b"220 Serv-U FTP Server v15.3.2.155", b"220 Serv-U FTP Server v15.4.0.298"),
    (b'INFO {"server_id":"N","version":"2.9.10"}', b'INFO {"server_id":"N","version":"2.9.11"}'),
    (b"Exchange 15.01.2507.039", b"Exchange 15.01.2507.044"),
    (b"redis_version:7.0.15\r\n", b"redis_version:7.0.16\r\n"),
    (b"<stream:stream to='a'><m>PLAIN</m>", b"<stream:stream to='a'><m>SCRAM-SHA-1</m>"),
    (b"220 host one", b"220 host two"),
    (
        b":irc.one NOTICE * :*** Looking up your hostname\r\n",
        b":irc.two NOTICE * :*** Looking up your hostname\r\n",
    ),
    (b"NOTICE * :*** Looking up\r\n", b"NOTICE * :*** Looking up\r\nERROR :Closing link\r\n"),
]


@pytest.mark.parametrize(("old", "new"), SAME, ids=[old[:30].decode("latin-1") for old, _ in SAME])
def test_noise_is_left_out(old: bytes, new: bytes) -> None:
    assert quiet(old) == quiet(new) is not None


@pytest.mark.parametrize(("old", "new"), OTHER, ids=[old[:30].decode("latin-1") for old, _ in OTHER])
def test_versions_and_words_are_no_noise(old: bytes, new: bytes) -> None:
    assert quiet(old) != quiet(new)


@pytest.mark.parametrize(
    "binary", [b"\0\0\0\n8.0.36\0", b"\x16\x03\x03\0J\x02\0\0F\x03\x03", b"\x15\x03\x01\0\x02\x02("]
)
def test_binary_greetings_are_not_compared(binary: bytes) -> None:
    assert quiet(binary) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(banner: bytes) -> None:
    assert quiet(banner) == quiet(banner)


@pytest.mark.parametrize(
    "unit",
    [
        b"a",
        b"1",
        b"a1",
        b"f0",
        b"Mon, ",
        b"id=",
        b"<1",
        b"X-",
        b"12:",
        b'"time":',
        b"\r\n",
        b"0-",
        b"1 ",
        b"x-id-",
        b"NOTICE * :***\n",
    ],
)
def test_the_cost_is_bounded(unit: bytes) -> None:
    began = time.process_time()
    quiet(unit * (1_000_000 // len(unit)))
    assert time.process_time() - began < 1.0
