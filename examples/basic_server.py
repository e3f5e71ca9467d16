"""A server that greets: whoever connects is told "Connection Established".

    python examples/basic_server.py [HOST] [PORT]

The socket tutorials' first server, in asyncio: one coroutine per connection, and no thread. It listens on
this machine's own name unless told otherwise, and prints where; Ctrl-C ends it.
"""

import asyncio
import socket
import sys


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Greet one client and close the connection."""
    print("Got a connection from", writer.get_extra_info("peername"), flush=True)
    try:
        writer.write(b"Connection Established")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    except ConnectionError:
        print("It left before it was greeted", flush=True)


async def serve(host: str, port: int) -> None:
    """Greet everybody until cancelled; port 0 takes a free one."""
    server = await asyncio.start_server(greet, host, port)
    for sock in server.sockets:
        print("Listening on", *sock.getsockname()[:2], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    host = sys.argv[1] if len(sys.argv) > 1 else socket.gethostname()
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 1337
    try:
        asyncio.run(serve(host, port))
    except KeyboardInterrupt:
        print("Bye")
