"""Apache's HTTP server: its Server header tells its version and Debian's name."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
ServerName localhost
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{ports[http]}
Listen 127.0.0.1:{ports[https]}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
DocumentRoot {folder}
<VirtualHost 127.0.0.1:{ports[https]}>
  SSLEngine on
  SSLCertificateFile {folder}/certificate.pem
  SSLCertificateKeyFile {folder}/key.pem
</VirtualHost>
"""


def start(site: Site) -> Sequence[object]:
    return ["apache2", "-D", "FOREGROUND", "-f", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "apache",
    "apache2-bin",
    "apache2",
    (
        Door("http", "http", 8080, "httpd", versioned=True),
        Door("https", "http", 8443, "httpd", versioned=True, tls=True),
    ),
    start,
    asked=("apache2", "-v"),
)
