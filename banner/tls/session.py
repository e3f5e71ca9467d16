"""TLS without sockets: a client's session over two memory buffers, for whatever driver owns the socket.

Nothing is verified and nothing is too old: a scanner wants to see, not to trust. A handshake that fails shows
what it can: the records that came are kept until it is over and read again as a `Flight`, which has the
version, the suite, and below TLS 1.3 the certificate; TLS 1.3 encrypts that, and OpenSSL is asked for it.
A `Session` may run before, after (STARTTLS) or inside any dialogue. The driver writes `outgoing`, feeds what
came, and never waits for close_notify.
"""

from __future__ import annotations

import os
import re
import ssl
from functools import lru_cache
from typing import Any

from ..models import End, Tls
from . import chain
from . import client_hello as hello
from .contexts import context
from .errors import HandshakeError
from .records import Records, encrypted
from .server_flight import LIMIT, MOST_CERTIFICATES, Flight

_ALERT = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(.+)")
"""OpenSSL's reasons for an alert from the peer (ssl/ssl_err.c)."""


def opening(host: str, alpn: tuple[str, ...] = ()) -> bytes:
    """The hello of a session with `host`, without the session: a peer that does not answer to it costs these bytes."""
    first = _opening(hello.server_name(host) or "", alpn)
    # Its random (RFC 8446, section 4.1.2) stands behind the headers of record and message, and the version.
    return first[:11] + os.urandom(32) + first[43:]


@lru_cache(64)
def _opening(name: str, alpn: tuple[str, ...]) -> bytes:
    session = Session(name, alpn=alpn)
    session.handshake()
    return session.outgoing()


class Session:
    """The client's side of one TLS connection.

    A driver calls, after it connected (or after STARTTLS' answer): `handshake` until it is true, with
    `outgoing` written before each wait and what came fed in between; then `send`, `receive`, `outgoing` and
    `feed` likewise. `result` may be asked for at any time, and after a failure too.
    """

    __slots__ = (
        "_brief", "_chain", "_closed", "_flight", "_host", "_idle", "_incoming", "_last", "_outgoing", "_raw",
        "_records", "_starttls", "_tls", "asked", "cut", "done", "end", "error",
    )  # fmt: skip

    def __init__(
        self,
        host: str = "",
        *,
        alpn: tuple[str, ...] = (),
        starttls: str | None = None,
        modest: bool = False,
        brief: bool = False,
    ) -> None:
        """`starttls` is the protocol whose command starts TLS: its name is kept, and nothing is to be offered by ALPN,
        which names what follows on a new connection. `alpn` are the names that are offered. A `modest`
        one offers little, for those who take no more. A `brief` one is over once the server's certificates are
        there, unless it asks for ours: nothing can be said inside."""
        self._starttls, self._host, self._brief = starttls, host, brief
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        made = context(alpn, modest).wrap_bio(
            self._incoming, self._outgoing, server_hostname=hello.server_name(host)
        )
        self._tls: ssl.SSLObject = getattr(made, "_sslobj", made)
        """OpenSSL's session without the layer of Python around it, whose calls cost 0.5 us each and do nothing here."""
        self._raw = bytearray()
        self._flight = Flight()
        self._records = Records()
        self._idle = 0
        self._chain: tuple[bytes, ...] = ()
        self._last = b""
        self._closed: End | None = None
        self.done: bool = False
        """The handshake ended well."""
        self.cut: bool = False
        """It ended where all was shown: nothing can be said inside."""
        self.error: str | None = None
        """Why it did not, or why the connection broke off later."""
        self.end: End | None = None
        """After the handshake: nothing more will come, because of this."""
        self.asked: bool | None = None
        """Whether the server asked for a client certificate, where only the handshake tells (TLS 1.3)."""

    # -- the wire's side ----------------------------------------------------------------------------

    def outgoing(self) -> bytes:
        """Ciphertext that is to be written now; asking empties it."""
        last, self._last = self._last, b""
        return last + self._outgoing.read()

    def keep(self, data: bytes) -> None:
        """`data` is the end of what was taken to be written, and there was no room for it: it comes first next time."""
        self._last = data + self._last

    def feed(self, data: bytes) -> None:
        """Ciphertext came."""
        if self._closed is None:
            if not self.done:
                self._raw += data
                self._flight.feed(data)
                if self._brief:
                    self._records.feed(data)
                    return
            else:
                self._idle += len(data)
            self._incoming.write(data)

    def feed_eof(self, end: End = End.EOF) -> None:
        """Nothing more will come, because of `end`; what was fed before is still read."""
        if self._closed is None:
            self._closed = end
            self._incoming.write(self._records.rest())
            self._incoming.write_eof()

    @property
    def received(self) -> bytes:
        """What came while the handshake was tried: the banner of a peer that speaks something else."""
        return bytes(self._raw)

    # -- the dialogue's side ------------------------------------------------------------------------

    def handshake(self) -> bool:
        """Whether the handshake is done; False where it wants more. Raises `HandshakeError` when it failed.

        After a failure `outgoing` may hold an alert for the peer.
        """
        if self.done:
            return True
        if self._flight.huge and self.error is None:
            self.error = "huge_modulus"
        if self._brief and self._flight.whole and not self._flight.asks and self.error is None:
            # What is left, a key exchange, is most of a handshake's cost to both sides, and shows nothing.
            self.done, self.cut, self._chain = True, True, self._flight.chain
        elif self.error is None:
            try:
                (self._carry_on if self._brief else self._tls.do_handshake)()
                self.done = True
                # Asked for now: OpenSSL hands it out no more once an alert has come.
                self._chain = self._flight.chain or self._chain or self._unverified()
                self._note_request()
            except ssl.SSLWantReadError:
                if len(self._raw) >= LIMIT:
                    self.error = str(End.LIMIT)
            except ssl.SSLError as error:
                self.error = self._reason(error)
        if self.error is not None:
            raise HandshakeError(self.error)
        return self.done

    def _carry_on(self) -> None:
        """Let OpenSSL read what came, up to where all is shown."""
        record = self._records.take()
        while True:
            if record:
                self._incoming.write(record)
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if self._flight.version == "TLSv1.3" and self._shown():
                    self.cut = True
                    break
                if not (record := self._records.take()):
                    raise
        if rest := self._records.rest():
            self._incoming.write(rest)

    def _shown(self) -> bool:
        """Whether the certificates are there, and no question for ours was among what came."""
        self._chain = self._unverified()
        alpn = self._tls.selected_alpn_protocol()
        return self._records.asked_nothing(self._chain, alpn, self._flight.cipher)

    def send(self, plain: bytes) -> None:
        """Say `plain` inside TLS; does nothing before the handshake's end and after the connection's."""
        rest = memoryview(plain)
        while rest and self.done and self.end is None:
            try:
                rest = rest[self._tls.write(rest) :]
            except ssl.SSLError as error:
                self._break_off(error)

    def receive(self, count: int) -> bytes:
        """At most `count` bytes of plain text; empty where none has come: then `end` says if more will."""
        if not self.done or self.end is not None or count <= 0:
            return b""
        try:
            if (
                self._incoming.pending or self._tls.pending()
            ):  # or OpenSSL says in an exception that nothing has come
                plain = self._tls.read(count)
                self._idle = 0
                if not plain:  # OpenSSL 3 under Python: the end without a farewell reads like one with it
                    self.end = self._closed or End.EOF
                return plain
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            # Most servers just close; a truncated greeting is told from a whole one by its own form.
            self.end = self._closed or End.EOF
            return b""
        except ssl.SSLError as error:
            self._break_off(error)
            return b""
        self.end = self._closed or (End.LIMIT if self._idle > LIMIT else None)
        return b""

    def result(self, now: float) -> Tls:
        """What the handshake showed so far; `now` (POSIX seconds) decides whether the certificate expired."""
        flight = self._flight
        shown = flight.chain or self._chain or self._unverified()
        asked = flight.asks or self.asked or self.error == "certificate_required"
        return Tls(
            version=flight.version or self._tls.version(),
            cipher=flight.cipher,
            group=flight.group,
            alpn=(flight.alpn or self._tls.selected_alpn_protocol()) if self.done else None,
            certificate=chain.read(shown, now, self._host),
            starttls=self._starttls,
            client_certificate=asked or None,
            error=self.error,
        )

    def _unverified(self) -> tuple[bytes, ...]:
        """The certificates as they came, also before a failure."""
        owner: Any = self._tls  # the method is public since Python 3.13
        shown = owner.get_unverified_chain()
        return tuple(
            one if isinstance(one, bytes) else bytes(one.public_bytes(_DER))
            for one in (shown or ())[:MOST_CERTIFICATES]
        )

    def _note_request(self) -> None:
        """Under TLS 1.3 the server's question for a certificate is encrypted, but our answer shows it.

        A client that was asked and has none sends an empty Certificate before its Finished (RFC 8446, section
        4.4.2), so its flight is longer than one Finished: a header of 4, a digest, the type octet and a tag.
        """
        self._last = self._outgoing.read()
        if self._tls.version() != "TLSv1.3":
            return
        digest = 48 if "SHA384" in (self._tls.cipher() or ("",))[0] else 32
        self.asked = encrypted(self._last) > 4 + digest + 1 + 16

    def _break_off(self, error: ssl.SSLError) -> None:
        self.error = self._reason(error)
        self.end = End.RESET

    def _reason(self, error: ssl.SSLError) -> str:
        flight = self._flight
        if not self.done and flight.tls is False:
            return "not_tls"
        if not self.done and flight.alert and flight.version is None and flight.done:
            return flight.alert
        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
            return str(self._closed or End.EOF)
        reason = error.reason or ""
        alert = _ALERT.fullmatch(reason)
        if alert or not reason:
            # Python knows the reasons of the OpenSSL that it was made for; an alert in the clear tells more.
            told = None if self.done else flight.alert
            reason = told or (alert[1] if alert else "unknown")
        return reason.lower()


_DER = 2
"""_ssl.ENCODING_DER."""
