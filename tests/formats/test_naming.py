"""A person finds a product by its maker, its CPE name, the title, and whom the certificate names."""

from __future__ import annotations

import pytest

from banner.cli.commands.show import cell
from banner.formats.filters import all_of
from banner.formats.naming import product_of, software
from banner.formats.terminal import what
from banner.models import Certificate, Grab, Service, Status, Tls
from banner.report.overview import scan_page

APACHE = Grab(
    1.0,
    "192.0.2.1",
    443,
    Status.BANNER,
    banner=b"HTTP/1.1 200 OK\r\nServer: Apache/2.4.62\r\n",
    service=Service(
        "http", "Apache", "HTTPD", "2.4.62", cpe=("cpe:2.3:a:apache:http_server:2.4.62:*:*:*:*:*:*:*",)
    ),
    tls=Tls(
        certificate=Certificate(
            "ab", names=("shop.example", "www.shop.example"), issuer="CN=R3,O=Let's Encrypt"
        )
    ),
    details={"title": "Garden tools"},
)
OTHER = Grab(2.0, "192.0.2.2", 22, Status.BANNER, banner=b"SSH-2.0-x\r\n", service=Service("ssh", "X", "Y"))
SILENT = Grab(3.0, "192.0.2.3", 22, Status.SILENT)


@pytest.mark.parametrize(
    ("vendor", "product", "named"),
    [
        ("Apache", "HTTPD", "Apache HTTPD"),
        ("Microsoft", "IIS", "Microsoft IIS"),
        ("F5", "nginx", "F5 nginx"),
        ("PostgreSQL", "PostgreSQL", "PostgreSQL"),
        ("OpenBSD", "OpenSSH", "OpenSSH"),
        ("NATS", "NATS Server", "NATS Server"),
        ("Dream Property", "Dreambox", "Dreambox"),
        ("Apache", "apache tomcat", "apache tomcat"),
        ("Apache", None, "Apache"),
        (None, "Dovecot", "Dovecot"),
        (None, None, None),
    ],
)
def test_a_product_has_its_makers_name_once(
    vendor: str | None, product: str | None, named: str | None
) -> None:
    service = Service("x", vendor, product)
    assert product_of(service) == software(service) == named
    assert what(service) == " ".join(filter(None, ("x", named)))
    assert cell(Grab(1.0, "h", 1, Status.BANNER, service=service), "product") == (named or "")


@pytest.mark.parametrize(
    "condition",
    [
        "product~apache",
        "product=Apache HTTPD",
        "product=httpd",
        "product~http_server",
        "title~garden",
        "title!=",
        "any~apache",
        "any~HTTP_SERVER",
        "any~tools",
        "any~www.shop",
        "any~let's encrypt",
        "any~server: apache",
        "cert_names~shop",
    ],
)
def test_all_names_find_it_and_nothing_else(condition: str) -> None:
    assert [grab for grab in (APACHE, OTHER, SILENT) if all_of([condition])(grab)] == [APACHE]


def test_the_search_of_the_page_looks_at_them_too() -> None:
    page = scan_page([APACHE, OTHER, SILENT], ["scan"], now=2.0)
    for word in ("Apache HTTPD 2.4", "cpe:2.3:a:apache:", "Garden", "www.shop.example", "Let's Encrypt"):
        held = [
            any(
                column["codes"][row] >= 0 and word in column["values"][column["codes"][row]]
                for column in columns
            )
            for columns in [page["columns"].values()]
            for row in range(3)
        ]
        assert held == [True, False, False], word
