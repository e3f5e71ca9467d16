"""How a certificate stands to its dates, at a moment that is given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ..models import Certificate, Grab
from .columns import cell

SOON = 30
"""Days: Let's Encrypt renews certificates 30 days before their end; what is nearer was not renewed in time."""


def by_fingerprint(rows: Iterable[Grab]) -> dict[str, Certificate]:
    """Each certificate that was shown, once."""
    return {
        row.tls.certificate.sha256: row.tls.certificate for row in rows if row.tls and row.tls.certificate
    }


def days_left(certificate: Certificate, now: float) -> float | None:
    """Days from `now` until the certificate's end; None where that is not known."""
    return None if (end := _posix(certificate.not_after)) is None else (end - now) / 86400


def state(certificate: Certificate, now: float, soon: float = SOON) -> str:
    """In which of the five ways a certificate stands to its dates; `soon` is in days."""
    left, begin = days_left(certificate, now), _posix(certificate.not_before)
    if left is None:
        return "no readable dates"
    if left < 0:
        return "expired"
    if begin is not None and begin > now:
        return "not yet valid"
    return f"expires within {soon:g} days" if left <= soon else "valid"


def named(certificate: Certificate) -> str:
    """What a person calls it: its first name, its subject, or the beginning of its fingerprint."""
    return certificate.names[0] if certificate.names else certificate.subject or certificate.sha256[:16]


def worst_first(certificates: dict[str, Certificate], now: float) -> list[dict[str, Any]]:
    """Those that have expired or soon will, as the page lists them; ``code`` is their place in `certificates`."""
    codes = {sha256: code for code, sha256 in enumerate(certificates)}
    bad = [one for one in certificates.values() if state(one, now) not in ("valid", "no readable dates")]
    bad.sort(key=lambda one: days_left(one, now) or 0)
    return [
        {
            "code": codes[one.sha256],
            "subject": cell(named(one)),
            "issuer": cell(one.issuer or ""),
            "ends": cell((one.not_after or "")[:10]),
            "days": round(days_left(one, now) or 0),
            "state": state(one, now),
        }
        for one in bad
    ]


def _posix(moment: str | None) -> float | None:
    try:
        parsed = datetime.fromisoformat(moment or "")
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
