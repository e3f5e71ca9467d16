"""Conversations of ldap."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "OpenLDAP 2.5.13, Debian 12",
        "recorded",
        turns=(
            client(
                b"0\x82\x01+\x02\x01\x01c\x82\x01$\x04\x00\n\x01\x00\n\x01\x00\x02\x01\x01\x02\x01\x05\x01\x01\x00\x87\x0bobjectClass0\x82\x01\x02\x04\x0bobjectClass\x04\nvendorName\x04\rvendorVersion\x04\x0enamingContexts\x04\x14supportedLDAPVersion\x04\x12supportedExtension\x04\x17supportedSASLMechanisms\x04\x15supportedCapabilities\x04\x0bdnsHostName\x04\x14defaultNamingContext\x04\x17rootDomainNamingContext\x04\x13forestFunctionality\x04\x1ddomainControllerFunctionality"
            ),
            server(
                b"0\x82\x01\x8b\x02\x01\x01d\x82\x01\x84\x04\x000\x82\x01~0%\x04\x0bobjectClass1\x16\x04\x03top\x04\x0fOpenLDAProotDSE0%\x04\x0enamingContexts1\x13\x04\x11dc=example,dc=org0\x81\x8d\x04\x12supportedExtension1w\x04\x161.3.6.1.4.1.1466.20037\x04\x171.3.6.1.4.1.4203.1.11.1\x04\x171.3.6.1.4.1.4203.1.11.3\x04\x0b1.3.6.1.1.8\x04\x0e1.3.6.1.1.21.3\x04\x0e1.3.6.1.1.21.10\x1b\x04\x14supportedLDAPVersion1\x03\x04\x0130\x81\x80\x04\x17supportedSASLMechanisms1e\x04\rSCRAM-SHA-512\x04\rSCRAM-SHA-384\x04\rSCRAM-SHA-256\x04\rSCRAM-SHA-224\x04\x0bSCRAM-SHA-1\x04\nDIGEST-MD5\x04\x08CRAM-MD5\x04\x04NTLM0\x0c\x02\x01\x01e\x07\n\x01\x00\x04\x00\x04\x00"
            ),
            client(b"0\x1d\x02\x01\x02w\x18\x80\x161.3.6.1.4.1.1466.20037"),
            server(b"0\x0c\x02\x01\x02x\x07\n\x01\x00\x04\x00\x04\x00"),
            TLS,
            client(b"0\x05\x02\x01\x03B\x00"),
        ),
        service=Service(
            name="ldap",
            vendor="OpenLDAP",
            product="OpenLDAP",
            cpe=("cpe:2.3:a:openldap:openldap:*:*:*:*:*:*:*:*",),
        ),
        details={
            "object_classes": ["top", "OpenLDAProotDSE"],
            "naming_contexts": ["dc=example,dc=org"],
            "extensions": [
                "1.3.6.1.4.1.1466.20037",
                "1.3.6.1.4.1.4203.1.11.1",
                "1.3.6.1.4.1.4203.1.11.3",
                "1.3.6.1.1.8",
                "1.3.6.1.1.21.3",
                "1.3.6.1.1.21.1",
            ],
            "versions": ["3"],
            "sasl": [
                "SCRAM-SHA-512",
                "SCRAM-SHA-384",
                "SCRAM-SHA-256",
                "SCRAM-SHA-224",
                "SCRAM-SHA-1",
                "DIGEST-MD5",
                "CRAM-MD5",
                "NTLM",
            ],
            "result_code": 0,
        },
    ),
)
