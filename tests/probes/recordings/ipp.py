"""IPP."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "CUPS 2.4.2, Debian 12, without a queue of that name",
        "recorded",
        turns=(
            client(
                b"POST /ipp/print HTTP/1.1\r\n"
                b"Host: host.example:631\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Content-Type: application/ipp\r\n"
                b"Content-Length: 374\r\n"
                b"Connection: close\r\n"
                b"\r\n"
                b"\x02\x00\x00\x0b\x00\x00\x00\x01\x01G\x00\x12attributes-charset\x00\x05utf-8H\x00\x1battributes-natural-language\x00\x02enE\x00\x0bprinter-uri\x00 ipp://host.example:631/ipp/printD\x00\x14requested-attributes\x00\x16printer-make-and-modelD\x00\x00\x00\x0cprinter-nameD\x00\x00\x00\x0cprinter-infoD\x00\x00\x00\x10printer-locationD\x00\x00\x00\x11printer-device-idD\x00\x00\x00\x13printer-dns-sd-nameD\x00\x00\x00\x0cprinter-uuidD\x00\x00\x00\x15printer-firmware-nameD\x00\x00\x00\x1fprinter-firmware-string-versionD\x00\x00\x00\x16ipp-versions-supported\x03"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Connection: close\r\n"
                b"Content-Language: en\r\n"
                b"Content-Length: 127\r\n"
                b"Content-Type: application/ipp\r\n"
                b"Date: Fri, 27 Nov 2026 12:57:58 GMT\r\n"
                b"Accept-Encoding: gzip, deflate, identity\r\n"
                b"Server: CUPS/2.4 IPP/2.1\r\n"
                b"X-Frame-Options: DENY\r\n"
                b"Content-Security-Policy: frame-ancestors 'none'\r\n"
                b"\r\n"
                b"\x02\x00\x04\x06\x00\x00\x00\x01\x01G\x00\x12attributes-charset\x00\x05utf-8H\x00\x1battributes-natural-language\x00\x02enA\x00\x0estatus-message\x00$The printer or class does not exist.\x03"
            ),
        ),
        service=Service(
            name="ipp",
            vendor="Apple",
            product="CUPS",
            version="2.4",
            cpe=("cpe:2.3:a:apple:cups:2.4:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"server": "CUPS/2.4 IPP/2.1", "status": 1030},
        also=("http",),
    ),
    Recording(
        "a printer that tells what it is",
        "RFC 8010, appendix A.2, with the attributes of RFC 8011, section 5.4, and PWG 5100.13",
        turns=(
            client(
                b"POST /ipp/print HTTP/1.1\r\n"
                b"Host: host.example:631\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Content-Type: application/ipp\r\n"
                b"Content-Length: 374\r\n"
                b"Connection: close\r\n"
                b"\r\n"
                b"\x02\x00\x00\x0b\x00\x00\x00\x01\x01G\x00\x12attributes-charset\x00\x05utf-8H\x00\x1battributes-natural-language\x00\x02enE\x00\x0bprinter-uri\x00 ipp://host.example:631/ipp/printD\x00\x14requested-attributes\x00\x16printer-make-and-modelD\x00\x00\x00\x0cprinter-nameD\x00\x00\x00\x0cprinter-infoD\x00\x00\x00\x10printer-locationD\x00\x00\x00\x11printer-device-idD\x00\x00\x00\x13printer-dns-sd-nameD\x00\x00\x00\x0cprinter-uuidD\x00\x00\x00\x15printer-firmware-nameD\x00\x00\x00\x1fprinter-firmware-string-versionD\x00\x00\x00\x16ipp-versions-supported\x03"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Content-Type: application/ipp\r\n"
                b"Content-Length: 335\r\n"
                b"\r\n"
                b"\x02\x00\x00\x00\x00\x00\x00\x01\x01G\x00\x12attributes-charset\x00\x05utf-8H\x00\x1battributes-natural-language\x00\x02en\x04A\x00\x16printer-make-and-model\x00\x0fExample Laser 9B\x00\x0cprinter-name\x00\n"
                b"front-deskA\x00\x10printer-location\x00\x06Hall 2E\x00\x0cprinter-uuid\x00-urn:uuid:12345678-9abc-def0-1234-56789abcdef0D\x00\x16ipp-versions-supported\x00\x031.1D\x00\x00\x00\x032.0!\x00\r"
                b"printer-state\x00\x04\x00\x00\x00\x03A\x00\x1fprinter-firmware-string-version\x00\x0820210501\x03"
            ),
        ),
        service=Service(name="ipp", device="printer", info="Example Laser 9"),
        details={
            "status": 0,
            "make_and_model": "Example Laser 9",
            "printer_name": "front-desk",
            "location": "Hall 2",
            "uuid": "urn:uuid:12345678-9abc-def0-1234-56789abcdef0",
            "versions": ["1.1", "2.0"],
            "firmware_version": "20210501",
        },
        also=("http",),
    ),
)
