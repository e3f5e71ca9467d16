"""How a person names what was found, and by which words it is looked for: the maker with the product, the title, whom
the certificate names."""

from __future__ import annotations

from ..models import Grab, Service

_SHARED = 4
"""Letters at which a product carries its maker's name: OpenBSD's OpenSSH, Dream Property's Dreambox."""


def product_of(service: Service | None) -> str | None:
    """The product with its maker's name where it does not carry it: ``Apache HTTPD``, ``OpenSSH``."""
    if service is None or not service.product:
        return service.vendor if service else None
    if not service.vendor or _carried(service.vendor.casefold(), service.product.casefold()):
        return service.product
    return f"{service.vendor} {service.product}"


def _carried(maker: str, product: str) -> bool:
    """Whether a word of `product` begins as one of `maker` does, or holds the whole of its name."""
    return maker in product or any(
        first == second or (len(first) >= _SHARED and first[:_SHARED] == second[:_SHARED])
        for first in maker.split()
        for second in product.split()
    )


def software(service: Service | None) -> str | None:
    """Product and version in one text: ``OpenSSH 9.2p1``."""
    if service is None:
        return None
    return " ".join(word for word in (product_of(service), service.version) if word) or None


def product_names(grab: Grab) -> list[str]:
    """Every name of the product: its own, the maker's with it, and its CPE names."""
    if grab.service is None:
        return []
    names = (grab.service.product, product_of(grab.service), *grab.service.cpe)
    return [name for name in names if name]


def title_of(grab: Grab) -> str | None:
    """The title of the page that was shown."""
    title = grab.details.get("title")
    return title if isinstance(title, str) else None


def certificate_names(grab: Grab) -> list[str]:
    """Whom the certificate names, and who issued it."""
    shown = grab.tls.certificate if grab.tls else None
    if shown is None:
        return []
    return [name for name in (*shown.names, shown.subject, shown.issuer) if name]


def words_of(grab: Grab) -> list[str]:
    """All that a person would look for `grab` by."""
    service = grab.service
    told = (grab.host, grab.ip, grab.tag, grab.status.value, grab.error, title_of(grab))
    known = (service.name, software(service), service.vendor, service.os, service.device) if service else ()
    said = grab.banner.decode("utf-8", "backslashreplace")
    return [word for word in (*told, *known, *product_names(grab), *certificate_names(grab), said) if word]
