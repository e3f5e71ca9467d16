"""What serves the applications of others: web servers, application servers, frameworks, languages, proxies.

Their names come in front of whatever is behind them (``Server: uvicorn`` before Open WebUI), so where a page or a field
of an answer names an application, that is the product, and these stand beside it.
"""

from __future__ import annotations

from functools import cache, lru_cache

_WEB_SERVERS = """
    Abyss Web Server X1, Abyss Web Server X2, Abyss Web Server, althttpd, Angie, AOLserver, Apache, Apache
    httpd, Apache HTTP Server, Apache-based Web Server, Advanced Web Server, Appweb, Appweb HTTP, A-B WWW,
    BadBlue, BaseHTTP, BaseHTTPServer, Boa, bozohttpd, BusyBox httpd, BWS, Caddy, Catwalk HTTP Server, Caudium,
    Cherokee, Cheroot, CherryPy, CivetWeb, CoreHTTP, darkhttpd, Debut HTTP Server, eCos HTTP, ecstatic, eHTTP,
    Embedded HTTPD, Embedded Web Server, Embedded WebServer, EmWeb, EWS-NIC HTTP Server, fnord, freenginx,
    gatling, GCDWebServer, GoAhead, Golang net/http server, gSOAP, h2o, Hiawatha, HTTP, HTTPAPI, HTTPD, HTTP
    Server, httpd, IdeaWebServer, IIS, IIS httpd, Internet Information Services, Indy HTTP Server, JC-HTTPD,
    Kangle, Kestrel, KS_HTTP, libevent, libhttp, libmicrohttpd, libonion, libupnp, libwebsockets,
    libwww-perl-daemon, lighttpd, LiteSpeed, LiteSpeed Web Server, Mathopd, Medusa, micro_httpd,
    MicroServer, Mighttpd, Mini web server, mini_httpd, Mongoose, Monkey, NanoHTTPD, NaviServer, nghttp2,
    nginx, nginx Plus, nostromo, OpenLiteSpeed, OpenResty, oatpp, Perfect, Quick 'n Easy Web Server,
    RomPager, SimpleHTTP, SimpleHTTPServer, SimpleHTTP.NET, shttpd, Small HTTP Server, sthttpd, Tengine,
    Tencent Web Server, thttpd, TinyWeb, Tntnet, TwistedWeb, Twisted Web, uc-httpd, uClinux-httpd, webfs,
    Web Server, WebServer, Web Listener, Webduino, WEBrick, Xitami, Yandex Server, Yaws, Zeus Web Server
"""
_APPLICATION_SERVERS = """
    Application Server, Application Server Web Cache, Apusic Application Server, Cosminexus HTTP Server,
    Domino Go Webserver, EAServer, GlassFish, GlassFish Communications Server, GlassFish Enterprise Server,
    GlassFish Server, Grizzly, Helidon, Interstage HTTP Server, iPlanet Web Server, Java System Application
    Server, Java System Web Server, JBoss AS, JBoss EAP, JBoss EAP WildFly, JBoss Web Server, Jetty, JEUS,
    JRun, Karaf, NetWeaver Application Server, NetWeaver Application Server ABAP, NetWeaver Application
    Server Java, NetWeaver Internet Communication Manager, ONE Application Server, Oracle Application Server
    Containers for J2EE, Orion Application Server, Passenger, Payara Server, Phusion Passenger, Resin,
    ServletExec, SilverStream Application Server, Tomcat, Apache Tomcat, Tomcat Coyote, Apache Tomcat
    Coyote, Coyote, TomEE, TongWeb, TorqueBox, Undertow, Unicorn, Virtuoso, WebLogic, WebObjects, WebOTX,
    WebSphere Application Server, WebtoB, WildFly, Winstone, Winstone Servlet Container, Zope
"""
_FRAMEWORKS = """
    .NET Core, .NET Remoting, actix, Actix Web, Agoo, aiohttp, Akka HTTP, ASP, ASP.NET, ASP.NET Core,
    ASP.NET Development Server, beego, bjoern, CakePHP, Carbon, Cassini, Catalyst, CodeIgniter, Contiki,
    Cowboy, CppCMS, Crow, Dancer, Dancer2, Daphne, Deno, Django, drogon, Express, Falcon Web Server, fasthttp,
    Finagle, Flask, gevent, Gin, Goliath, Granian, Gunicorn, Happstack, HHVM, HTTP::Server::PSGI, http-kit,
    http4s, HttpComponents, Hunchentoot, Hypercorn, inets, Iodine, japronto, JFinal, JServ, JSP, JSP3, KPHP,
    Ktor, Laravel, lwIP, meinheld, Micronaut, MochiWeb, MochiWeb WebMachine, Mojolicious, Mongoose OS,
    Mongrel, mORMot, Netty, Next.js, Node, Node.js, Nuxt, Ocsigen, PasteWSGIServer, PHP, PHP cli server,
    Pistache, Play, Play Framework, POCO C++ Libraries, Proxygen, Puma, Python, QHttpServer, Rabbit HTTP,
    Rack, Rails, Rainbows!, ReactPHP, Reel, Restlet Framework, Rocket, Ruby, Sails, Seastar, Servlet, Shiro,
    Simple Framework, Sinatra, Snap, spray-can, Starlet, Starlette, Starman, Swoole, Symfony, Thin,
    ThinkPHP, Tornado, Tornado httpd, Twitter Server, Ulfius, userver, uvicorn, uWSGI, Vapor, Vert.x,
    Waitress, Warp, web.py, websockets, Werkzeug, Werkzeug httpd, Winstone, Workerman, WSGIServer, Wt, XSP,
    Yii, Fastify, Restify, Sanic, Vite
"""
_PROXIES = """
    Airlock, Akamai, AkamaiGHost, Alteon, Apigee, APISIX, Application Request Routing, Azion Edge, Azure App
    Service, Azure Application Gateway, Azure Application LB, ArvanCloud, BFE, BIG-IP, BIG-IP APM, BIG-IP
    ASM, BIG-IP LTM, Bunny CDN, BunnyCDN, ByteDance CDN, Cache Warmer, CacheFly, CacheOS, CDN, CDN77, CDN
    Cache Server, ChinaCache, Cloud Load Balancer, Cloud Load Balancing, Cloudflare, Cloudflare Load
    Balancer, CloudFront, CloudProxy, Content Gateway, DataPower, DDoS-Guard, DOSarrest, Edge Cache,
    Edgecast, EdgePrism, Elastic Load Balance, Elastic Load Balancing, Envoy, Fastly, Fly, Footprint,
    FortiWeb, frp, GHost, Google Front End, HAProxy, hCDN, Heroku Router, Imunify360 WebShield, Incapsula,
    IronPort AsyncOS, ISA Server, KeyCDN, Kong, Kong Gateway, Load Balancer, LoadMaster, mod_pagespeed,
    NetCache, NetDNA Cache, Netlify, NetScaler, ngrok, nps, Oracle Application Server Web Cache, Pepyaka,
    Polipo, Qrator, SafeDog, Squid, Squid http proxy, Starlet, Stingray Traffic Manager, StormWall, Sucuri,
    Tinyproxy, Traefik, Traffic Server, UrlRewriter.NET, Varnish, Variti, Vercel, W3 Total Cache, WAF,
    WangZhanBao, Web Dispatcher, Web Gateway, Web Security Appliance, WebSEAL, Tivoli Access Manager
    WebSEAL, Tivoli Access Manager for e-business WebSEAL, websockify, WP Engine, Yunjiasu, Yunsuo, Ziproxy
"""


def squeezed(product: str) -> str:
    """The letters and digits of a name, in lower case: ``Apache HTTP Server`` and ``apache-http-server`` are one."""
    return "".join(filter(str.isalnum, product.lower()))


@cache
def _names() -> frozenset[str]:
    lists = (_WEB_SERVERS, _APPLICATION_SERVERS, _FRAMEWORKS, _PROXIES)
    return frozenset(squeezed(name) for names in lists for name in names.split(","))


@lru_cache(4096)
def serves_others(product: str) -> bool:
    """Whether `product` serves, runs or forwards to the applications of others."""
    return squeezed(product) in _names()
