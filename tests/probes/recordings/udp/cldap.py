"""cldap over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "a domain controller",
        "[MS-ADTS], section 3.1.1.3.2",
        turns=(
            client(
                b"0\x81\x84\x02\x03banc}\x04\x00\n\x01\x00\n\x01\x00\x02\x01\x01\x02\x01\x05\x01\x01\x00\x87\x0bobjectClass0]\x04\x0bdnsHostName\x04\x14defaultNamingContext\x04\x1ddomainControllerFunctionality\x04\nvendorName\x04\rvendorVersion"
            ),
            server(
                b"0\x81\x83\x02\x03band|\x04\x000x0!\x04\x0bdnsHostName1\x12\x04\x10dc.field.example0-\x04\x14defaultNamingContext1\x15\x04\x13DC=field,DC=example0$\x04\x1ddomainControllerFunctionality1\x03\x04\x0170\x0e\x02\x03bane\x07\n\x01\x00\x04\x00\x04\x00"
            ),
        ),
        service=Service(name="ldap", vendor="Microsoft", product="Active Directory LDAP", os="Windows"),
        details={
            "host_name": "dc.field.example",
            "default_naming_context": "DC=field,DC=example",
            "controller_level": "7",
        },
    ),
    Recording(
        "a server that shows nothing",
        "RFC 4511, section 4.5.2",
        turns=(
            client(
                b"0\x81\x84\x02\x03banc}\x04\x00\n\x01\x00\n\x01\x00\x02\x01\x01\x02\x01\x05\x01\x01\x00\x87\x0bobjectClass0]\x04\x0bdnsHostName\x04\x14defaultNamingContext\x04\x1ddomainControllerFunctionality\x04\nvendorName\x04\rvendorVersion"
            ),
            server(b"0\x0e\x02\x03bane\x07\n\x01\x00\x04\x00\x04\x00"),
        ),
        service=Service(name="ldap"),
        details={},
    ),
)
