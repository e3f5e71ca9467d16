"""ssdp over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "MiniUPnPd 2.3.1, Debian 12",
        "recorded",
        turns=(
            client(
                b"M-SEARCH * HTTP/1.1\r\n"
                b"HOST: 239.255.255.250:1900\r\n"
                b'MAN: "ssdp:discover"\r\n'
                b"MX: 1\r\n"
                b"ST: upnp:rootdevice\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"CACHE-CONTROL: max-age=120\r\n"
                b"ST: upnp:rootdevice\r\n"
                b"USN: uuid:00000000-0000-4000-8000-000000000001::upnp:rootdevice\r\n"
                b"EXT:\r\n"
                b"SERVER: Debian/6.1.0-18-amd64 UPnP/1.1 MiniUPnPd/2.3.1\r\n"
                b"LOCATION: http://192.0.2.1:25000/rootDesc.xml\r\n"
                b'OPT: "http://schemas.upnp.org/upnp/1/0/"; ns=01\r\n'
                b"01-NLS: 1795772387\r\n"
                b"BOOTID.UPNP.ORG: 1795772387\r\n"
                b"CONFIGID.UPNP.ORG: 1337\r\n"
                b"\r\n"
            ),
        ),
        service=Service(name="ssdp"),
        details={
            "server": "Debian/6.1.0-18-amd64 UPnP/1.1 MiniUPnPd/2.3.1",
            "location": "http://192.0.2.1:25000/rootDesc.xml",
            "usn": "uuid:00000000-0000-4000-8000-000000000001::upnp:rootdevice",
        },
    ),
)
