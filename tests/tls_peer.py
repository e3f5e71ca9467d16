"""A TLS server in memory for the tests: Python's own, as lax as a server can be, without a socket."""

from __future__ import annotations

import contextlib
import functools
import ssl
import subprocess
import tempfile
import warnings
from pathlib import Path

import trustme

from banner.tls.errors import HandshakeError
from banner.tls.session import Session

VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


@functools.cache
def authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def leaf() -> trustme.LeafCert:
    return authority().issue_cert("a.example", "192.0.2.1")


@functools.cache
def self_signed(name: str, bits: int) -> tuple[str, str]:
    """An RSA key of any size and its own certificate, for a day from now: two PEM texts."""
    subject = ["-subj", f"/CN={name}", "-days", "1"]
    with tempfile.TemporaryDirectory() as at:
        key, certificate = Path(at, "key.pem"), Path(at, "certificate.pem")
        files = ["-keyout", str(key), "-out", str(certificate)]
        command = ["openssl", "req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", *subject, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return key.read_text(), certificate.read_text()


def lax_context(
    version: str = "TLSv1.3",
    *,
    client: ssl.VerifyMode = ssl.CERT_NONE,
    alpn: tuple[str, ...] = (),
    pem: bytes = b"",
) -> ssl.SSLContext:
    """A server's context for `version` at most; `pem` is a key and a certificate in place of `leaf`'s."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are what is tested
        context.maximum_version = VERSIONS[version]
    if pem:
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(pem)
            file.flush()
            context.load_cert_chain(file.name)
    else:
        leaf().configure_cert(context)
    if client is not ssl.CERT_NONE:
        authority().configure_trust(context)
        context.verify_mode = client
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


class Server:
    """The server's side of one connection; `take` gives it ciphertext and returns its answer."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self.done = False
        self.plain = b""
        self.error: ssl.SSLError | None = None

    def take(self, data: bytes) -> bytes:
        self.incoming.write(data)
        try:
            if not self.done:
                self.tls.do_handshake()
                self.done = True
            while plain := self.tls.read(65536):
                self.plain += plain
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error
        return self.outgoing.read()

    def say(self, plain: bytes) -> bytes:
        self.tls.write(plain)
        return self.outgoing.read()

    def leave(self) -> bytes:
        """close_notify."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        return self.outgoing.read()


def shake(session: Session, server: Server, size: int = 65536) -> str | None:
    """Let both shake hands, in segments of `size` towards the session; the failure's reason, or None."""
    done, answer = False, b""
    for _ in range(100_000):
        try:
            done = session.handshake()
        except HandshakeError as error:
            server.take(session.outgoing())
            return error.reason
        if said := session.outgoing():
            answer += server.take(said)
        if not answer:
            assert done, "both wait for the other"
            return None
        session.feed(answer[:size])
        answer = answer[size:]
    raise AssertionError("the handshake has no end")
