"""Which addresses may be asked."""

import pytest
from yarl import URL

from streams.channels.reach import Reach, is_public, plain_host


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.8.8.8", id="all-of-loopback"),
        pytest.param("0.0.0.0", id="this-host"),
        pytest.param("10.1.2.3", id="private-10"),
        pytest.param("172.16.0.1", id="private-172"),
        pytest.param("192.168.1.1", id="private-192"),
        pytest.param("169.254.169.254", id="link-local"),
        pytest.param("100.64.0.1", id="shared-by-a-provider"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::1", id="loopback-6"),
        pytest.param("::", id="unspecified-6"),
        pytest.param("fe80::1%eth0", id="link-local-6-with-its-zone"),
        pytest.param("fd00::1", id="private-6"),
        pytest.param("fec0::1", id="site-local-6"),
        pytest.param("ff02::1", id="multicast-6"),
        pytest.param("::ffff:127.0.0.1", id="loopback-mapped"),
        pytest.param("::127.0.0.1", id="loopback-compatible"),
        pytest.param("64:ff9b::10.0.0.1", id="private-by-nat64"),
        pytest.param("2002:7f00:1::", id="loopback-by-6to4"),
        pytest.param("no address", id="no-address"),
    ],
)
def test_what_only_we_can_reach_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f::1", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14"],
)
def test_what_anyone_can_reach_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        pytest.param("https://wire.example/a", None, id="its-own"),
        pytest.param("https://WIRE.example.:8443/a", None, id="its-own-otherwise-written"),
        pytest.param("https://cdn.example/a", None, id="one-it-lists"),
        pytest.param("http://10.0.0.9/a", None, id="an-address-it-lists"),
        pytest.param("https://xwire.example/", "the host xwire.example is not its own", id="like"),
        pytest.param("http://10.0.0.8/", "the host 10.0.0.8 is not its own", id="an-address"),
    ],
)
def test_a_source_asks_its_own_host_and_those_it_lists(url: str, fault: str | None) -> None:
    reach = Reach("wire.example", frozenset({"cdn.example", "10.0.0.9"}))

    found = reach.fault_of_host(URL(url))

    assert found == fault or (fault is not None and found is not None and found.startswith(fault))


def test_a_host_in_other_letters_is_compared_in_ascii() -> None:
    assert plain_host(URL("https://Nüchtern.example/")) == "xn--nchtern-n2a.example"
