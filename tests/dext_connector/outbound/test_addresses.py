"""Which addresses MEG may be told to call."""

from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.outbound.addresses import AddressRefused, check_address, check_ip, is_public

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    "2001:db8::1", "2001::1", "2001:20::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "100::1",
]  # fmt: skip
INSIDE = [
    ip_network(text)
    for text in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                 "192.168.0.0/16", "224.0.0.0/3")
]  # fmt: skip


def is_refused(url: str, *, allow_loopback: bool = False) -> bool:
    try:
        check_address(url, allow_loopback=allow_loopback)
    except AddressRefused:
        return True
    return False


@pytest.mark.parametrize("text", PRIVATE)
def test_a_private_address_is_refused_by_its_text_and_by_its_ip(text):
    host = f"[{text}]" if ":" in text else text
    assert is_refused(f"https://{host}/x")
    assert not is_public(ip_address(text))
    with pytest.raises(AddressRefused):
        check_ip(host, scheme="https", allow_loopback=False)


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_called_over_https_alone(text):
    host = f"[{text}]" if ":" in text else text
    check_address(f"https://{host}/x", allow_loopback=False)
    check_ip(text, scheme="https", allow_loopback=False)
    assert is_refused(f"http://{host}/x", allow_loopback=True)
    with pytest.raises(AddressRefused):
        check_ip(text, scheme="http", allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "https:///x", "//dext.com/x", "dext.com", "http://dext.com/", "ftp://dext.com/", "file:///etc/passwd",
        "gopher://dext.com/", "HTTP://dext.com/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
        "https://0177.0.0.1/", "https://127.1/", "https://127.0.0.1./", "https://1.2.3.4.5/", "https://[::1%25lo]/",
        "https://[::ffff:7f00:1]/", "https://localhost/", "https://LOCALHOST./", "https://a.localhost/",
        "https://metadata.google.internal/", "https://printer.local/", "https://intranet/", "https://user@dext.com/",
        "https://user:word@dext.com/", "https://@dext.com/", "https://dext.com:22/", "https://dext.com:25/",
        "https://dext.com:80/", "https://dext.com:99999/", "https://dext.com:x/", "https://dext.com\\@127.0.0.1/",
        "https://dext.com/ x", "https://dext.com/\n", "https://dext.com\t/", "https://dèxt.com/", "https://①②⑦.0.0.1/",
        "https://-dext.com/", "https://dext..com/", f"https://dext.com/{'x' * 2000}",
    ],
)  # fmt: skip
def test_an_address_that_hides_something_or_leads_inside_is_refused(url):
    assert is_refused(url)
    assert is_refused(url.replace("\n", "\r"), allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    ["https://dext.com", "https://DEXT.com./a?b=c", "https://files.dext.com:8443/a%20b.pdf", "https://xn--dxt-ela.fr/"],
)
def test_a_name_of_the_internet_may_be_called(url):
    check_address(url, allow_loopback=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/x", "http://localhost:1/", "https://[::1]:9/x"])
def test_this_machine_is_called_only_where_the_setting_allows_it(url):
    check_address(url, allow_loopback=True)
    assert is_refused(url)


@given(st.sampled_from(INSIDE).flatmap(lambda network: st.ip_addresses(v=4, network=network)))
def test_no_address_of_an_inside_network_is_public_however_it_is_written(ip: IPv4Address):
    number = int(ip)
    assert not is_public(ip)
    assert not is_public(ip_address(f"::ffff:{ip}"))
    for host in (str(ip), str(number), hex(number), f"0{number:o}", f"[::ffff:{ip}]", f"[::{ip}]", f"[64:ff9b::{ip}]"):
        assert is_refused(f"https://{host}/")


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text):
    is_refused(text)
    is_refused(f"https://{text}/")
