"""nginx: its Server header tells its version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{
}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{ports[http]};
    root {folder};
  }}
  server {{
    listen 127.0.0.1:{ports[https]} ssl;
    root {folder};
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
  }}
}}
"""


def start(site: Site) -> Sequence[object]:
    site.write("index.html", "<title>A page of nginx's</title>\n")
    config = site.write("conf", _CONFIG.format(**vars(site)))
    return ["nginx", "-p", site.folder, "-c", config, "-e", "stderr"]


DAEMON = Daemon(
    "nginx",
    "nginx-light",
    "nginx",
    (
        Door("http", "http", 80, "nginx", versioned=True),
        Door("https", "http", 443, "nginx", versioned=True, tls=True),
    ),
    start,
    asked=("nginx", "-v"),
)
