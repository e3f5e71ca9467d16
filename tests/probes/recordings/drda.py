"""Conversations of drda."""

from banner.models import Service
from banner.probes.drda import REQUEST

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Derby 10.14.2.0, Debian 12",
        "recorded",
        turns=(
            client(
                b"\x00E\xd0\x01\x00\x01\x00?\x10A\x00\n\x11^\x82\x81\x95\x95\x85\x99\x00\x18\x14\x04\x14\x03\x00\x03$\x07\x00\x07\x14t\x00\x05$\x0f\x00\x07\x14@\x00\x07\x00\n\x11G\x82\x81\x95\x95\x85\x99\x00\n\x11m\x82\x81\x95\x95\x85\x99\x00\x05\x11Z\xf1"
            ),
            server(
                b"\x00\x85\xd0\x02\x00\x01\x00\x7f\x14C\x00\x1d\x11^\xd5\x85\xa3\xa6\x96\x99\x92\xe2\x85\x99\xa5\x85\x99\xc3\x96\x95\xa3\x99\x96\x93@\x94\x81\x89\x95\x00\x18\x14\x04\x14\x03\x00\x03$\x07\x00\x07\x14t\x00\x05$\x0f\x00\x07\x14@\x00\x07\x00\x10\x11G\xc1\x97\x81\x83\x88\x85@\xc4\x85\x99\x82\xa8\x00\x18\x11m\xd5\x85\xa3\xa6\x96\x99\x92\xe2\x85\x99\xa5\x85\x99\xc3\x96\x95\xa3\x99\x96\x93\x00\x1e\x11Z\xc3\xe2\xe2\xf1\xf0\xf1\xf4\xf0a\xf1\xf0K\xf1\xf4K\xf2K\xf0@`@Mooo]"
            ),
        ),
        service=Service(name="drda"),
        details={
            "external_name": "NetworkServerControl main",
            "server_class": "Apache Derby",
            "server_name": "NetworkServerControl",
            "release": "CSS10140/10.14.2.0 - (???)",
        },
    ),
    Recording(
        "Db2 11.5 on Linux",
        'DDM, EXCSATRD; Db2\'s documentation, "Product identifier (PRDID) values"',
        turns=(
            client(REQUEST),
            server(
                bytes.fromhex("0052d0020001004c1443")
                + bytes.fromhex("0010115e")
                + "db2inst1    ".encode("cp500")
                + bytes.fromhex("00081404")
                + bytes.fromhex("14030003")
                + bytes.fromhex("00131147")
                + "QDB2/LINUXX8664".encode("cp500")
                + bytes.fromhex("000b116d")
                + "db2inst".encode("cp500")
                + bytes.fromhex("0012115a")
                + "SQL11055\0\0\0\0\0\0".encode("cp500")
            ),
        ),
        service=Service("drda"),
        details={
            "external_name": "db2inst1",
            "server_class": "QDB2/LINUXX8664",
            "server_name": "db2inst",
            "release": "SQL11055",
        },
    ),
)
