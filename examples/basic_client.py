"""Read a server's greeting twice: with asyncio alone, then with banner.

    python examples/basic_client.py [HOST] [PORT]

The first is what the socket tutorials show: connect, receive up to 1024 bytes, close. It is all there is to a
banner grab as long as nothing goes wrong. The second says what happened when something does: nobody listens,
nobody answers, the server keeps silent, the greeting comes in pieces.
"""

import asyncio
import socket
import sys

import banner


async def by_hand(host: str, port: int) -> bytes:
    """The greeting, or what has come of it in the first segment; waits for ever, and raises what goes wrong."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        return await reader.read(1024)
    finally:
        writer.close()


async def main(host: str, port: int) -> int:
    """Grab twice; returns an exit status."""
    grab = await banner.grab(host, port, mode="listen")
    print("banner.grab():", grab.status, grab.banner.decode(errors="backslashreplace"))
    if grab.status is not banner.Status.BANNER:
        print(f"  because: {grab.error or grab.status}")
        return 1
    print("by hand:", (await by_hand(host, port)).decode(errors="backslashreplace"))
    return 0


if __name__ == "__main__":
    host = sys.argv[1] if len(sys.argv) > 1 else socket.gethostname()
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 1337
    sys.exit(asyncio.run(main(host, port)))
