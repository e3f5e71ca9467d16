"""Kubernetes API servers."""

from banner.models import Service

from ..conversation import Recording, client, server

ASKED = (
    b"GET /version HTTP/1.1\r\nHost: host.example:6443\r\n"
    b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
    b"Accept: */*\r\nConnection: close\r\n\r\n"
)

RECORDINGS = (
    Recording(
        "Kubernetes 1.28 (k3s), open to everybody",
        "Kubernetes API reference, version.Info",
        turns=(
            client(ASKED),
            server(
                b"HTTP/1.1 200 OK\r\nAudit-Id: 0d7ef8a2-5b1f-4f4e-9d8c-4ab0c8f6a4c1\r\n"
                b"Cache-Control: no-cache, private\r\nContent-Type: application/json\r\n"
                b"Date: Sun, 22 Nov 2026 18:00:00 GMT\r\nContent-Length: 268\r\nConnection: close\r\n\r\n"
                b'{\n  "major": "1",\n  "minor": "28",\n  "gitVersion": "v1.28.2+k3s1",\n'
                b'  "gitCommit": "6330a5b49cfd3030af9c26ec29471e1d5c288cdd",\n  "gitTreeState": "clean",\n'
                b'  "buildDate": "2023-09-20T22:22:10Z",\n  "goVersion": "go1.20.8",\n  "compiler": "gc",\n'
                b'  "platform": "linux/amd64"\n}'
            ),
        ),
        tls=True,
        port=6443,
        also=("http",),
        service=Service(
            "kubernetes",
            vendor="Kubernetes",
            product="Kubernetes",
            version="1.28.2",
            info="k3s1",
            cpe=("cpe:2.3:a:kubernetes:kubernetes:1.28.2:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "access": "granted",
            "git_version": "v1.28.2+k3s1",
            "git_commit": "6330a5b49cfd3030af9c26ec29471e1d5c288cdd",
            "build_date": "2023-09-20T22:22:10Z",
            "go_version": "go1.20.8",
            "platform": "linux/amd64",
        },
    ),
    Recording(
        "Kubernetes, closed to strangers",
        "Kubernetes API reference, Status",
        turns=(
            client(ASKED),
            server(
                b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 129\r\n\r\n"
                b'{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized",'
                b'"reason":"Unauthorized","code":401}\n'
            ),
        ),
        tls=True,
        port=6443,
        also=("http",),
        service=Service(
            "kubernetes",
            vendor="Kubernetes",
            product="Kubernetes",
            cpe=("cpe:2.3:a:kubernetes:kubernetes:*:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"access": "refused"},
    ),
)
