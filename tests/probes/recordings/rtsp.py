"""RTSP servers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "VLC 3.0, Debian 12",
        "recorded",
        turns=(
            client(
                b"OPTIONS * RTSP/1.0\r\n"
                b"CSeq: 1\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"\r\n"
            ),
            server(
                b"RTSP/1.0 200 OK\r\n"
                b"Server: VLC/3.0.24\r\n"
                b"Content-Length: 0\r\n"
                b"Cseq: 1\r\n"
                b"Public: DESCRIBE,SETUP,TEARDOWN,PLAY,PAUSE,GET_PARAMETER\r\n"
                b"\r\n"
            ),
        ),
        service=Service("rtsp"),
        details={
            "status": 200,
            "server": "VLC/3.0.24",
            "methods": ["DESCRIBE", "SETUP", "TEARDOWN", "PLAY", "PAUSE", "GET_PARAMETER"],
        },
    ),
)
