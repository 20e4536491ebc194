"""Which addresses are public."""

from __future__ import annotations

import ipaddress

import httpx
import pytest

from connectors.net.guard import (
    Resolver,
    connect_checked,
    is_allowed,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::1",
        "2001::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001:db8::1",
        "::127.0.0.1",
        "fec0::1",
        "100::1",
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "64:ff9b::a83f:8110",
        "::ffff:0:5db8:d822",
        "::ffff:0:a00:1",
        "2002:5db8:d822::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b:1:fffe::5db8:d822",
        "3fff::1",
        "1fff:ffff::1",
        "4000::1",
        "5f00::1",
        "8000::1",
    ],
)
def test_address_is_not_public(address):
    """Private, reserved and wrapped addresses are refused."""
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "168.63.129.15",
        "2606:2800:220:1::1",
        "2001:4860:4860::8888",
        "2a00:1450::1",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
    ],
)
def test_address_is_public(address):
    """Addresses of the internet pass, wrapped ones too."""
    assert is_allowed(address)


def test_networks_can_be_opened():
    """An internal network that was named is open, its neighbours are not."""
    allow = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("::1/128"))

    assert is_allowed("10.1.2.3", allow)
    assert is_allowed("::ffff:10.1.2.3", allow)
    assert is_allowed("::1", allow)
    assert not is_allowed("10.2.0.1", allow)


def test_hosts_are_internal_only_where_opened(run):
    """A host counts as internal if its network was named."""

    async def go():
        opened = Resolver((ipaddress.ip_network("127.0.0.0/8"),))
        return [
            await opened.is_internal("127.0.0.1"),
            await opened.is_internal("93.184.216.34"),
            await opened.is_internal("nowhere.invalid"),
            await Resolver().is_internal("127.0.0.1"),
        ]

    assert run(go()) == [True, False, False, False]


def test_failed_look_up_is_tried_again(run):
    """A name that could not be found is not remembered as missing."""

    async def go():
        resolver = Resolver()
        for _ in range(2):
            with pytest.raises(httpx.ConnectError, match="cannot be found"):
                await resolver.addresses("nowhere.invalid")

    run(go())


def test_next_address_is_tried(web, run, monkeypatch):
    """Where a name has several addresses, one that refuses is passed over."""

    async def go():
        resolver = Resolver((ipaddress.ip_network("127.0.0.0/8"),))

        async def found(_host):
            return ("127.0.0.9", "127.0.0.1")

        monkeypatch.setattr(resolver, "_lookup", found)
        stream = await connect_checked(resolver, "x.example", web.port)
        await stream.aclose()

    run(go())
