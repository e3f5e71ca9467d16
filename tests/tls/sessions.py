"""Two ends of a session without a socket, and the chain that the far one shows."""

from __future__ import annotations

import ssl

import msgspec

from banner.models import Certificate
from banner.tls import certificate
from tests.tls_peer import leaf

NOW = 4_000_000_000.0  # the year 2096
CHAIN = [ssl.PEM_cert_to_DER_cert(pem.bytes().decode()) for pem in leaf().cert_chain_pems]
LEAF = certificate.parse(CHAIN[0], NOW)


def bare(found: Certificate | None) -> Certificate:
    """Without what depends on the server and on the name that was asked for."""
    assert found is not None
    return msgspec.structs.replace(found, name_matches=None, chain=())
