"""What users of such tools complain about, each as a test: items 9 and 11 to 14 of the field's list.

The list was gathered from the issue threads of zgrab2, nmap, masscan, fingerprintx and others.
"""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trustme

from banner import Grab, Manners, Status, Target, Timeouts, grab, scan, testing
from banner.plan.hellos import MUTE
from tests.own_address import own_address

AUTHORITY = trustme.CA()
SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\n\r\nhi"
QUICK = Timeouts(connect=1, read=2, total=8)


def server_context(*, client: bool = False, lowest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("mail.example").configure_cert(context)
    if client:
        AUTHORITY.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    if lowest is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
            context.minimum_version = context.maximum_version = lowest
    return context


async def visited(server: testing.Server, *, driver: str, **options: object) -> Grab:
    """The same visit by grab() or by a driver of scan()."""
    if driver == "grab":
        return await grab(server.host, server.port, timeouts=QUICK, **options)  # type: ignore[arg-type]
    targets = [Target(server.host, server.port)]
    async with scan(targets, driver=driver, timeouts=QUICK, **options) as results:  # type: ignore[arg-type]
        return await anext(results)


drivers = pytest.mark.parametrize("driver", ["grab", "sweep", "streams"])


@asynccontextmanager
async def web(**place: object) -> AsyncIterator[testing.Server]:
    """A web server: it waits for a request, answers, and hangs up on anything else."""

    async def handle(connection: testing.Connection) -> None:
        if await connection.read() and connection.received.startswith(b"GET "):
            await connection.write(PAGE)

    async with testing.serve(handle, **place) as server:  # type: ignore[arg-type]
        yield server


@drivers
@pytest.mark.parametrize("inside_tls", [False, True])
async def test_item_9_banners_on_non_standard_ports_tls_or_not(driver: str, inside_tls: bool) -> None:
    context = server_context() if inside_tls else None
    async with testing.greeter(SSH, ssl=context) as greets, web(ssl=context) as waits:
        greeted = await visited(greets, driver=driver)
        answered = await visited(waits, driver=driver)
    for found, name, product in ((greeted, "ssh", "OpenSSH"), (answered, "http", "nginx")):
        assert found.status is Status.BANNER
        assert found.service is not None
        assert (found.service.name, found.service.product) == (name, product)
        assert (found.tls is not None and found.tls.certificate is not None) is inside_tls


@drivers
async def test_item_11_plain_http_to_a_tls_port(driver: str) -> None:
    # nginx tells a plain request on its TLS port so, in the clear: the same port is then spoken to inside TLS.
    context = server_context()

    async def handle(connection: testing.Connection) -> None:
        hello = await connection.read()
        if hello.startswith(b"GET "):
            body = b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>"
            await connection.write(
                b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
        elif hello.startswith(b"\x16"):
            await connection.start_tls(context, hello)
            await connection.read()
            await connection.write(PAGE)

    try:
        serving = testing.serve(handle, host=own_address(), port=8888)
        async with serving as server:
            found = await visited(server, driver=driver)
    except OSError:
        pytest.skip("port 8888 is taken")
    assert found.service is not None
    assert (found.status, found.service.product) == (Status.BANNER, "nginx")
    assert found.tls is not None
    assert found.tls.certificate is not None
    assert found.details["status"] == 200


@drivers
async def test_item_12_starttls_is_inferred_and_the_ehlo_name_is_ours_to_choose(driver: str) -> None:
    script: list[tuple[bytes | re.Pattern[bytes], bytes | ssl.SSLContext]] = [
        (b"", b"220 mail.example ESMTP Postfix\r\n"),
        (re.compile(rb"EHLO probe\.example\r\n"), b"250-mail.example\r\n250 STARTTLS\r\n"),
        (b"STARTTLS\r\n", b"220 go ahead\r\n"),
        (b"", server_context()),
    ]
    async with testing.conversation(script) as server:
        found = await visited(server, driver=driver, manners=Manners(ehlo="probe.example"))
    assert found.tls is not None
    assert found.tls.starttls == "smtp"
    assert found.tls.certificate is not None
    assert found.tls.certificate.names == ("mail.example",)
    assert found.banner == b"220 mail.example ESMTP Postfix\r\n"


@drivers
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_item_13_old_and_odd_tls_keeps_what_was_seen(driver: str, version: ssl.TLSVersion) -> None:
    # A server that wants a client certificate ends the connection; its own certificate was seen.
    async with web(ssl=server_context(client=True, lowest=version)) as server:
        server.failure = None
        found = await visited(server, driver=driver)
        server.failure = None
    assert found.tls is not None
    assert found.tls.version == version.name.replace("_", ".")
    assert found.tls.client_certificate is True
    assert found.tls.certificate is not None
    assert found.tls.certificate.names == ("mail.example",)


@drivers
@pytest.mark.parametrize("port", [9100, 9116, 4840, 20000])
async def test_item_14_never_print_on_printers_or_hurt_fragile_ports(driver: str, port: int) -> None:
    assert port in MUTE
    timeouts = Timeouts(connect=1, read=0.3, total=2)
    try:
        async with testing.silent(port=port, host=own_address()) as server:
            for mode in ("light", "full"):
                target = Target(server.host, port)
                if driver == "grab":
                    found = await grab(target.host, port, mode=mode, timeouts=timeouts)
                else:
                    async with scan([target], mode=mode, timeouts=timeouts, driver=driver) as results:  # type: ignore[arg-type]
                        found = await anext(results)
                assert (found.status, found.connections) == (Status.SILENT, 1)
            assert [bytes(said) for said in server.received] == [b"", b""]
    except OSError:
        pytest.skip(f"port {port} is taken")
