"""HTTP servers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "nginx 1.22.1, Debian 12",
        "recorded",
        turns=(
            client(
                b"GET / HTTP/1.1\r\n"
                b"Host: host.example\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Server: nginx/1.22.1\r\n"
                b"Date: Sun, 22 Nov 2026 18:12:31 GMT\r\n"
                b"Content-Type: text/html\r\n"
                b"Content-Length: 615\r\n"
                b"Last-Modified: Wed, 19 Oct 2022 08:02:20 GMT\r\n"
                b"Connection: close\r\n"
                b'ETag: "634faf0c-267"\r\n'
                b"Accept-Ranges: bytes\r\n"
                b"\r\n"
                b"<!DOCTYPE html>\n"
                b"<html>\n"
                b"<head>\n"
                b"<title>Welcome to nginx!</title>\n"
                b"<style>\n"
                b"html { color-scheme: light dark; }\n"
                b"body { width: 35em; margin: 0 auto;\n"
                b"font-family: Tahoma, Verdana, Arial, sans-serif; }\n"
                b"</style>\n"
                b"</head>\n"
                b"<body>\n"
                b"<h1>Welcome to nginx!</h1>\n"
                b"<p>If you see this page, the nginx web server is successfully installed and\n"
                b"working. Further configuration is required.</p>\n"
                b"\n"
                b"<p>For online documentation and support please refer to\n"
                b'<a href="http://nginx.org/">nginx.org</a>.<br/>\n'
                b"Commercial support is available at\n"
                b'<a href="http://nginx.com/">nginx.com</a>.</p>\n'
                b"\n"
                b"<p><em>Thank you for using nginx.</em></p>\n"
                b"</body>\n"
                b"</html>\n"
            ),
        ),
        service=Service("http"),
        details={
            "http_version": "1.1",
            "status": 200,
            "server": "nginx/1.22.1",
            "content_type": "text/html",
            "content_length": 615,
            "title": "Welcome to nginx!",
        },
    ),
    Recording(
        "nginx 1.22.1, plain request on its TLS port",
        "recorded",
        turns=(
            client(
                b"GET / HTTP/1.1\r\n"
                b"Host: host.example\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 400 Bad Request\r\n"
                b"Server: nginx/1.22.1\r\n"
                b"Date: Sun, 22 Nov 2026 18:12:32 GMT\r\n"
                b"Content-Type: text/html\r\n"
                b"Content-Length: 255\r\n"
                b"Connection: close\r\n"
                b"\r\n"
                b"<html>\r\n"
                b"<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n"
                b"<body>\r\n"
                b"<center><h1>400 Bad Request</h1></center>\r\n"
                b"<center>The plain HTTP request was sent to HTTPS port</center>\r\n"
                b"<hr><center>nginx/1.22.1</center>\r\n"
                b"</body>\r\n"
                b"</html>\r\n"
            ),
        ),
        service=Service("http"),
        details={
            "http_version": "1.1",
            "status": 400,
            "server": "nginx/1.22.1",
            "content_type": "text/html",
            "content_length": 255,
            "title": "400 The plain HTTP request was sent to HTTPS port",
            "tls_expected": True,
        },
    ),
    Recording(
        "nginx 1.22.1, inside TLS",
        "recorded",
        turns=(
            client(
                b"GET / HTTP/1.1\r\n"
                b"Host: host.example\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 200 OK\r\n"
                b"Server: nginx/1.22.1\r\n"
                b"Date: Sun, 22 Nov 2026 18:12:32 GMT\r\n"
                b"Content-Type: text/html\r\n"
                b"Content-Length: 615\r\n"
                b"Last-Modified: Wed, 19 Oct 2022 08:02:20 GMT\r\n"
                b"Connection: close\r\n"
                b'ETag: "634faf0c-267"\r\n'
                b"Accept-Ranges: bytes\r\n"
                b"\r\n"
                b"<!DOCTYPE html>\n"
                b"<html>\n"
                b"<head>\n"
                b"<title>Welcome to nginx!</title>\n"
                b"<style>\n"
                b"html { color-scheme: light dark; }\n"
                b"body { width: 35em; margin: 0 auto;\n"
                b"font-family: Tahoma, Verdana, Arial, sans-serif; }\n"
                b"</style>\n"
                b"</head>\n"
                b"<body>\n"
                b"<h1>Welcome to nginx!</h1>\n"
                b"<p>If you see this page, the nginx web server is successfully installed and\n"
                b"working. Further configuration is required.</p>\n"
                b"\n"
                b"<p>For online documentation and support please refer to\n"
                b'<a href="http://nginx.org/">nginx.org</a>.<br/>\n'
                b"Commercial support is available at\n"
                b'<a href="http://nginx.com/">nginx.com</a>.</p>\n'
                b"\n"
                b"<p><em>Thank you for using nginx.</em></p>\n"
                b"</body>\n"
                b"</html>\n"
            ),
        ),
        service=Service("http"),
        details={
            "http_version": "1.1",
            "status": 200,
            "server": "nginx/1.22.1",
            "content_type": "text/html",
            "content_length": 615,
            "title": "Welcome to nginx!",
        },
        tls=True,
        port=443,
    ),
    Recording(
        "IIS that wants NTLM",
        "[MS-NTHT], section 4.1, with the challenge of [MS-NLMP], section 4.2.4.3",
        turns=(
            client(
                b"GET / HTTP/1.1\r\n"
                b"Host: host.example\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 401 Unauthorized\r\n"
                b"Content-Type: text/html\r\n"
                b"Server: Microsoft-IIS/10.0\r\n"
                b"WWW-Authenticate: Negotiate\r\n"
                b"WWW-Authenticate: NTLM\r\n"
                b"Content-Length: 89\r\n"
                b"\r\n"
                b"<html><head><title>401 - Unauthorized</title></head><body>Access is denied.</body></html>"
            ),
            client(
                b"GET / HTTP/1.1\r\n"
                b"Host: host.example\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: */*\r\n"
                b"Authorization: NTLM TlRMTVNTUAABAAAABYIIogAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADw==\r\n"
                b"Connection: close\r\n"
                b"\r\n"
            ),
            server(
                b"HTTP/1.1 401 Unauthorized\r\n"
                b"Server: Microsoft-IIS/10.0\r\n"
                b"WWW-Authenticate: NTLM TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=\r\n"
                b"Content-Length: 0\r\n"
                b"\r\n"
            ),
        ),
        service=Service(name="http"),
        details={
            "http_version": "1.1",
            "status": 401,
            "server": "Microsoft-IIS/10.0",
            "content_type": "text/html",
            "www_authenticate": ["Negotiate", "NTLM"],
            "content_length": 89,
            "title": "401 - Unauthorized",
            "ntlm_domain": "Domain",
            "ntlm_hostname": "Server",
            "ntlm_build": "6.0.6000",
        },
        deep=True,
    ),
)
