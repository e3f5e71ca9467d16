"""What several fields of one answer say is one answer."""

from __future__ import annotations

import pytest

import banner


def page(*head: str, title: str) -> bytes:
    return "\r\n".join(
        ["HTTP/1.1 400 Bad Request", *head, "", f"<html><title>{title}</title></html>"]
    ).encode()


@pytest.mark.parametrize(
    ("data", "version", "info"),
    [
        (page("Server: CUPS/2.4 IPP/2.1", title="Bad Request - CUPS v2.4.2"), "2.4.2", None),
        (page("Server: CUPS/2.4.2 IPP/2.1", title="Home - CUPS 2.4"), "2.4.2", "IPP/2.1"),
        (page("Server: CUPS/2.4 IPP/2.1", title="Home - CUPS 2.45"), "2.4", "IPP/2.1, CUPS/2.45"),
    ],
    ids=["the page says more", "the header says more", "two versions"],
)
def test_the_whole_version_is_told_whichever_field_has_it(
    data: bytes, version: str, info: str | None
) -> None:
    found = banner.identify(data, port=631)

    assert found is not None
    assert (found.product, found.version) == ("CUPS", version)
    assert found.cpe == (f"cpe:2.3:a:apple:cups:{version}:*:*:*:*:*:*:*",)
    assert info is None or found.info == info


def test_a_version_beside_a_name_without_one_is_the_names() -> None:
    answer = b"HTTP/1.1 503 Backend fetch failed\r\nServer: Varnish\r\nVia: 1.1 proxy (Varnish/7.1)\r\n\r\n"

    found = banner.identify(answer, port=80)

    assert found is not None
    assert (found.product, found.version, found.info) == ("Varnish", "7.1", None)
