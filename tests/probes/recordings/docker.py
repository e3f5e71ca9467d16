"""Container engines."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Podman 4.3.1, Debian 12",
        "recorded",
        turns=(
            client(
                b"GET /version HTTP/1.1\r\n"
                b"Host: host.example:2375\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Api-Version: 1.41\r\n"
                b"Content-Type: application/json\r\n"
                b"Libpod-Api-Version: 4.3.1\r\n"
                b"Server: Libpod/4.3.1 (linux)\r\n"
                b"X-Reference-Id: 0xc000458120\r\n"
                b"Date: Sun, 22 Nov 2026 18:36:51 GMT\r\n"
                b"Content-Length: 831\r\n"
                b"Connection: close\r\n"
                b"\r\n"
                b'{"Platform":{"Name":"linux/amd64/debian-12"},"Components":[{"Name":"Podman Engine","Vers'
                b'ion":"4.3.1","Details":{"APIVersion":"4.3.1","Arch":"amd64","BuildTime":"1970-01-01T00:0'
                b'0:00Z","Experimental":"false","GitCommit":"","GoVersion":"go1.19.8","KernelVersion":"6.1'
                b'2.48-1-amd64","MinAPIVersion":"4.0.0","Os":"linux"}},{"Name":"Conmon","Version":"conmon '
                b'version 2.1.6, commit: unknown","Details":{"Package":"conmon_2.1.6+ds1-1_amd64"}},{"Name'
                b'":"OCI Runtime (runc)","Version":"runc version 1.1.5+ds1\\ncommit: 1.1.5+ds1-1+deb12u1\\ns'
                b'pec: 1.0.2-dev\\ngo: go1.19.8\\nlibseccomp: 2.5.4","Details":{"Package":"runc_1.1.5+ds1-1+'
                b'deb12u1_amd64"}}],"Version":"4.3.1","ApiVersion":"1.41","MinAPIVersion":"1.24","GitCommi'
                b't":"","GoVersion":"go1.19.8","Os":"linux","Arch":"amd64","KernelVersion":"6.12.48-1-amd6'
                b'4","BuildTime":"1970-01-01T00:00:00Z"}\n'
            ),
        ),
        also=("http",),
        service=Service(
            "docker",
            vendor="Podman",
            product="Podman",
            version="4.3.1",
            os="linux",
            cpe=("cpe:2.3:a:podman_project:podman:4.3.1:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "api_version": "1.41",
            "min_api_version": "1.24",
            "os": "linux",
            "arch": "amd64",
            "kernel_version": "6.12.48-1-amd64",
            "go_version": "go1.19.8",
        },
    ),
    Recording(
        "Docker 20.10.24, Debian 12",
        "recorded",
        turns=(
            client(
                b"GET /version HTTP/1.1\r\n"
                b"Host: host.example:2375\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Api-Version: 1.41\r\n"
                b"Content-Type: application/json\r\n"
                b"Docker-Experimental: false\r\n"
                b"Ostype: linux\r\n"
                b"Server: Docker/20.10.24+dfsg1 (linux)\r\n"
                b"Date: Sun, 22 Nov 2026 18:36:52 GMT\r\n"
                b"Content-Length: 792\r\n"
                b"Connection: close\r\n"
                b"\r\n"
                b'{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"20.10.24+dfsg1","Detai'
                b'ls":{"ApiVersion":"1.41","Arch":"amd64","BuildTime":"2026-05-07T21:09:36.000000000+00:00'
                b'","Experimental":"false","GitCommit":"5d6db84","GoVersion":"go1.19.8","KernelVersion":"6'
                b'.12.48-1-amd64","MinAPIVersion":"1.12","Os":"linux"}},{"Name":"containerd","Version":"1.'
                b'6.20~ds1","Details":{"GitCommit":"1.6.20~ds1-1+deb12u3"}},{"Name":"runc","Version":"1.1.'
                b'5+ds1","Details":{"GitCommit":"1.1.5+ds1-1+deb12u1"}},{"Name":"docker-init","Version":"0'
                b'.19.0","Details":{"GitCommit":""}}],"Version":"20.10.24+dfsg1","ApiVersion":"1.41","MinA'
                b'PIVersion":"1.12","GitCommit":"5d6db84","GoVersion":"go1.19.8","Os":"linux","Arch":"amd6'
                b'4","KernelVersion":"6.12.48-1-amd64","BuildTime":"2026-05-07T21:09:36.000000000+00:00"}\n'
            ),
        ),
        also=("http",),
        service=Service(
            "docker",
            vendor="Docker",
            product="Docker",
            version="20.10.24",
            os="linux",
            info="dfsg1",
            cpe=("cpe:2.3:a:docker:docker:20.10.24:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "api_version": "1.41",
            "min_api_version": "1.12",
            "os": "linux",
            "arch": "amd64",
            "kernel_version": "6.12.48-1-amd64",
            "go_version": "go1.19.8",
            "git_commit": "5d6db84",
        },
    ),
)
