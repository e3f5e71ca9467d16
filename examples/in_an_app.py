"""Banner grabs inside a web application: ``GET /grab?host=mail.example&port=25`` answers with what was heard.

    python examples/in_an_app.py [PORT]

Whoever may name a host could name one inside your network, or use you to knock at somebody's door. So the
application allows addresses of the Internet alone, judged after DNS, on a few ports, and keeps few grabs
under way: whoever comes when all are taken is told so at once. When a client goes away, aiohttp can cancel
its handler (``handler_cancellation``), and the grab closes its socket.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

from aiohttp import web

import banner

PUBLIC = banner.Policy(allow=["global"], ports="21,22,25,80,110,143,443,587,993,995")
"""No loopback, private, link-local (a cloud's metadata), multicast or reserved address."""

AT_ONCE = 20
"""Grabs under way: at most 10 seconds each, so at least two a second even where nobody answers."""

POLICY = web.AppKey("policy", banner.Policy)
RESOLVER = web.AppKey("resolver", banner.Resolver)
ROOM = web.AppKey("room", asyncio.Semaphore)


async def grab(request: web.Request) -> web.Response:
    """Visit the host and port of the query."""
    host = request.query.get("host", "")
    room = request.app[ROOM]
    if room.locked():
        raise web.HTTPServiceUnavailable(text="busy: try again later", headers={"Retry-After": "5"})
    async with room:
        try:
            found = await banner.grab(
                host,
                int(request.query.get("port", "22")),
                policy=request.app[POLICY],
                resolver=request.app[RESOLVER],
                timeouts=banner.Timeouts(connect=3, read=5, total=10),
            )
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
    answer = {"status": found.status, "banner": found.banner.decode(errors="replace"), "error": found.error}
    if found.service is not None:
        answer["service"] = found.service.name
        answer["product"] = found.service.product
    return web.json_response(answer)


async def resolver(app: web.Application) -> AsyncIterator[None]:
    """One resolver, with its cache, for all requests."""
    async with banner.Resolver() as app[RESOLVER]:
        yield


def make_app(policy: banner.Policy = PUBLIC, at_once: int = AT_ONCE) -> web.Application:
    """The application; a test allows its own loopback servers."""
    app = web.Application()
    app[POLICY] = policy
    app[ROOM] = asyncio.Semaphore(at_once)
    app.cleanup_ctx.append(resolver)
    app.router.add_get("/grab", grab)
    return app


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    web.run_app(make_app(), host="127.0.0.1", port=port, handler_cancellation=True)
