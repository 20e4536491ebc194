"""A few web hosts over real HTTP and TLS, and what may stand on the way to all of them."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from threading import Thread

import trustme
from webserver import Page, Web, rss


class Host(Web):
    """A web host at an address of its own, with one feed, behind whatever is on the way."""

    allow_reuse_address = True

    def __init__(self, internet, address, port=0):
        self.internet = internet
        super().__init__(address)
        if port:
            self.socket.close()
            self.socket = socket.create_server((address, port))
            self.server_port = port

    def get_request(self):
        """Accept a connection; with TLS, show the certificate of host or interceptor."""
        connection, client = super().get_request()
        if self.internet.tls:
            connection.settimeout(5)
            shown = self.internet.shown.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
            return shown, client
        return connection, client

    def handle_error(self, *_):
        """Be silent of who hangs up at a certificate."""


class Internet:
    """Hosts at 127.0.0.11 and on, each with a feed, and the way to them."""

    def __init__(self, count, *, tls=False):
        self.tls = tls
        self.authority = trustme.CA(organization_name="Public Trust")
        self.shown = None
        self.addresses = [f"127.0.0.{11 + n}" for n in range(count)]
        self.ports = dict.fromkeys(self.addresses, 0)
        self.hosts = {}
        self.documents = {}
        self.open()

    @property
    def urls(self):
        scheme = "https" if self.tls else "http"
        return [f"{scheme}://{at}:{port}/feed" for at, port in self.ports.items()]

    def open(self):
        """Let all hosts answer for themselves."""
        self.close()
        self.signed_by(self.authority)
        for number, address in enumerate(self.addresses):
            host = Host(self, address, self.ports[address])
            self.ports[address] = host.server_port
            self.hosts[address] = host
            link = f"https://{address}.example/{number}"
            host.pages["/feed"] = Page(body=rss((link, f"News {number}", "")))
            Thread(target=host.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        """Let nobody answer: every connection is refused."""
        for host in self.hosts.values():
            host.shutdown()
            host.server_close()
        self.hosts = {}

    def signed_by(self, authority):
        """Show certificates of *authority* from now on."""
        self.shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*self.addresses).configure_cert(self.shown)

    def everywhere(self, page):
        """Answer with what *page* returns for a host's address, whoever is asked."""
        for address, host in self.hosts.items():
            host.pages["/feed"] = page(f"{address}:{host.server_port}")

    def feeds_toml(self):
        """Return the list of their feeds, as a home has it."""
        return "".join(f'[feed.f{n}]\nurl = "{url}"\n' for n, url in enumerate(self.urls))


@contextmanager
def internet_of(count, *, tls=False):
    """Yield an :class:`Internet` whose hosts are closed on exit."""
    internet = Internet(count, tls=tls)
    try:
        yield internet
    finally:
        with suppress(OSError):
            internet.close()
