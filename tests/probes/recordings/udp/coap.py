"""coap over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "libcoap 4.3.1, Debian 12",
        "recorded",
        turns=(
            client(b"@\x00ba"),
            server(b"p\x00ba"),
        ),
        service=Service(name="coap"),
        details={},
    ),
    Recording(
        "libcoap 4.3.1, Debian 12, full",
        "recorded",
        turns=(
            client(b"@\x00ba"),
            server(b"p\x00ba"),
            client(b"@\x01nn\xbb.well-known\x04core"),
            server(
                b'`Enn\xc1(\xff</>;title="General Info";ct=0,</time>;if="clock";rt="ticks";title="Internal Clock";ct=0;obs,</async>;ct=0,</example_data>;title="Example Data";ct=0;obs'
            ),
        ),
        service=Service(name="coap"),
        details={"resources": ["/", "/time", "/async", "/example_data"]},
        deep=True,
    ),
)
