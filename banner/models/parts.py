"""The parts of a grab: what a peer is, what its TLS showed, and how long each phase took."""

import msgspec

from .modelled import Modelled


class Service(Modelled, msgspec.Struct, frozen=True, omit_defaults=True):
    """What a greeting is: a service and, where the bytes say so, the software behind it."""

    name: str
    """IANA's service name: ``ssh``, ``smtp``, ``http``, ..."""
    vendor: str | None = None
    product: str | None = None
    version: str | None = None
    os: str | None = None
    """The operating system or distribution, as far as the greeting tells."""
    device: str | None = None
    """The kind of device: ``router``, ``printer``, ``webcam``, ..."""
    info: str | None = None
    """What else is worth having: a distribution's package suffix, a build, a list of modules."""
    cpe: tuple[str, ...] = ()
    """CPE 2.3 names (NISTIR 7695), most specific first."""
    confidence: float = 0.0
    """From 0 to 1; the scale is documented in ``identify.py``."""
    rule: str | None = None
    """The rule or probe that spoke, such as ``ssh/openssh``."""


class Issued(Modelled, msgspec.Struct, frozen=True, omit_defaults=True):
    """One certificate of a chain."""

    sha256: str
    """Fingerprint of the DER form, lower-case hexadecimal."""
    subject: str | None = None
    issuer: str | None = None
    not_before: str | None = None
    """RFC 3339, UTC."""
    not_after: str | None = None


class Certificate(Modelled, msgspec.Struct, frozen=True, omit_defaults=True):
    """The fields of an X.509 certificate that could be read; a malformed field is absent."""

    sha256: str
    """Fingerprint of the DER form, lower-case hexadecimal."""
    subject: str | None = None
    """Distinguished name as RFC 4514 writes it."""
    names: tuple[str, ...] = ()
    """DNS names and addresses of the subjectAltName extension."""
    issuer: str | None = None
    not_before: str | None = None
    """RFC 3339, UTC."""
    not_after: str | None = None
    self_signed: bool | None = None
    expired: bool | None = None
    """Whether ``not_after`` lay before the time of the grab."""
    key_type: str | None = None
    key_bits: int | None = None
    signature_algorithm: str | None = None
    serial: str | None = None
    """Lower-case hexadecimal."""
    spki_sha256: str | None = None
    """Fingerprint of the key (SubjectPublicKeyInfo, DER), lower-case hexadecimal."""
    name_matches: bool | None = None
    """Whether the name or address that was asked for is among ``names`` (RFC 9525, section 6)."""
    chain: tuple[Issued, ...] = ()
    """The certificates in the order in which the server sent them: its own is the first."""


class Tls(Modelled, msgspec.Struct, frozen=True, omit_defaults=True):
    """What a TLS handshake showed, whether it ended well or not."""

    version: str | None = None
    """``TLSv1.3``, ``TLSv1.2``, ..., ``SSLv3``."""
    cipher: str | None = None
    alpn: str | None = None
    certificate: Certificate | None = None
    starttls: str | None = None
    """The protocol whose command started TLS, where one did."""
    client_certificate: bool | None = None
    """True where the server asked for a client certificate."""
    error: str | None = None
    """Why the handshake did not end well, or TLS broke off after it: an alert's name or the library's reason."""
    group: str | None = None
    """The group of the key exchange, by IANA's name (``x25519``); absent where the server's key was the exchange."""


class Timings(Modelled, msgspec.Struct, frozen=True, omit_defaults=True):
    """Seconds that each phase took; a phase that was not observed on its own is absent."""

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    """From the start of the connection to the first byte of the peer."""
    total: float | None = None
