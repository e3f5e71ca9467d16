"""Conversations of xmpp."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "Prosody 0.12.3, Debian 12, a host that it does not serve",
        "recorded",
        turns=(
            client(
                b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' "
                b"xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            server(
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                b"from='host.example' id='e6998ebb-2af9-4a10-8004-5e5d3503bf74' xml:lang='en' version='1.0'><stream:error>"
                b"<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                b"This server does not serve host.example</text></stream:error></stream:stream>"
            ),
        ),
        service=Service(
            "xmpp-client",
            vendor="Prosody",
            product="Prosody",
            cpe=("cpe:2.3:a:prosody:prosody:*:*:*:*:*:*:*:*",),
        ),
        details={
            "domain": "host.example",
            "lang": "en",
            "version": "1.0",
            "error": "host-unknown",
            "error_text": "This server does not serve host.example",
        },
    ),
    Recording(
        "Prosody 0.12.3, Debian 12",
        "recorded",
        turns=(
            client(
                b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            server(
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='host.example' id='7b31218f-7775-4bdf-91f4-729d4e0cc505' xml:lang='en' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
            ),
            client(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            server(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            TLS,
            client(b"</stream:stream>"),
        ),
        service=Service("xmpp-client"),
        details={
            "domain": "host.example",
            "lang": "en",
            "version": "1.0",
            "mechanisms": ["SCRAM-SHA-1"],
            "features": ["starttls", "mechanisms"],
        },
    ),
    Recording(
        "Prosody 0.12.3, Debian 12, full",
        "recorded",
        turns=(
            client(
                b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            server(
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='host.example' id='598b36e4-fd60-4927-842f-3101ce2cbdff' xml:lang='en' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
            ),
            client(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            server(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            TLS,
            client(
                b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            server(
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='host.example' id='72353673-0ae6-4d57-a275-715bdf21e9be' xml:lang='en' version='1.0'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
            ),
            client(b"</stream:stream>"),
        ),
        service=Service("xmpp-client"),
        details={
            "domain": "host.example",
            "lang": "en",
            "version": "1.0",
            "mechanisms": ["SCRAM-SHA-1"],
            "features": ["starttls", "mechanisms"],
            "mechanisms_in_tls": ["PLAIN", "SCRAM-SHA-1"],
        },
        deep=True,
    ),
    Recording(
        "Prosody 0.12.3, Debian 12, server port",
        "recorded",
        turns=(
            client(
                b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            server(
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:server' version='1.0' xmlns:stream='http://etherx.jabber.org/streams' from='host.example' id='6b966dc2-4ed8-496d-a5f2-ae127be2549d' xml:lang='en' xmlns:db='jabber:server:dialback' to=''><stream:features><dialback xmlns='urn:xmpp:features:dialback'/><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
            ),
            client(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            server(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            TLS,
            client(b"</stream:stream>"),
        ),
        service=Service("xmpp-server"),
        details={
            "version": "1.0",
            "domain": "host.example",
            "lang": "en",
            "features": ["dialback", "starttls"],
        },
    ),
)
