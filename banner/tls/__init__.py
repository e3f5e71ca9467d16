"""TLS and its certificates as bytes: a client's session over two buffers, a hello of our own, a server's
first flight, and a session inside of TDS.

No socket and no clock: whoever owns the connection carries the bytes. A server's *flight* is what RFC 8446,
section 2, calls so. Nothing is verified here; what was shown is told.
"""

__all__ = ["client_hello", "errors", "server_flight", "session", "tds"]
