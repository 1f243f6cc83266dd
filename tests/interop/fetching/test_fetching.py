"""Feeds are read from the open internet, and an address never leads inside."""

import io
from collections.abc import Iterator

import pytest

from asset_hub.interop.fetching import addresses, paging, web
from asset_hub.interop.fetching.addresses import Inside, is_public, target
from asset_hub.interop.fetching.web import Policy, Visit, fetch
from asset_hub.interop.reading.files import Unreadable
from tests.interop.site import OtherSite, other_site

WEB = frozenset({80, 443})


@pytest.fixture
def site() -> Iterator[OtherSite]:
    with other_site() as found:
        yield found


def get(url: str, policy: Policy) -> bytes:
    out = io.BytesIO()
    fetch(url, out, Visit(policy))
    return out.getvalue()


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::",
    "2001:db8::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "100::1", "5f00::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:7f00:1", "x",
    "", "0x7f.1", "2130706433", "127.1",
])  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "81.2.69.142", "2a00:1450:4009:80b::200e"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", [
    "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "javascript:alert(1)",
    "//a.example/x", "/etc/passwd", "", "http://", "https://a.example:22/", "http://a.example:0/",
    "http://a.example:99999/", "http://me@a.example/", "http://me:pw@a.example/",
    "http://a.example/ x", "http://a.example/\r\nHost: b", "http://a.example\\@b.example/",
    "http://[::1", "http://" + "a" * 600 + ".example/", "http://a..example/",
])  # fmt: skip
def test_addresses_that_are_no_web_addresses_are_refused(url: str) -> None:
    with pytest.raises(Unreadable):
        target(url, WEB)


def test_letters_beyond_ascii_are_written_as_the_web_wants_them() -> None:
    found = target("https://bücher.example/straße?q=ä b".replace(" ", "+"), WEB)
    assert found.url == "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4+b"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0/",
     "http://0x7f000001/", "http://127.1/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/"],
)  # fmt: skip
def test_however_it_is_written_the_machine_itself_is_not_asked(url: str) -> None:
    with pytest.raises(Unreadable):
        get(url, Policy(seconds=3))


def test_a_feed_is_read(site: OtherSite) -> None:
    site.says("/services", {"contents": []})
    assert get(site.at("/services"), site.policy()) == b'{"contents": []}'
    assert site.asked == [(f"feed.example:{site.port}", "/services")]


def test_a_name_that_leads_inside_is_refused_even_beside_a_good_one(site: OtherSite) -> None:
    site.says("/", {})
    policy = site.policy(find=lambda *_: ["127.0.0.1", "10.0.0.7"])
    with pytest.raises(Inside):
        get(site.at(), policy)
    assert site.asked == []


def test_a_name_that_moves_inside_after_it_was_checked_gains_nothing(site: OtherSite) -> None:
    """The checked address is the one connected to: the second answer is never asked for."""
    site.says("/", {"ok": 1})
    answers = iter([["127.0.0.1"], ["10.0.0.7"], ["10.0.0.7"]])
    assert get(site.at(), site.policy(find=lambda *_: next(answers))) == b'{"ok": 1}'
    assert next(answers) == ["10.0.0.7"], "asked once"


def test_a_redirect_is_looked_up_and_checked_again(site: OtherSite) -> None:
    site.leads("/", site.at("/inner", host="inside.example"))
    site.says("/inner", {"secret": 1})
    inside = {"inside.example": ["10.0.0.7"]}
    policy = site.policy(find=lambda host, _: inside.get(host, ["127.0.0.1"]))
    with pytest.raises(Inside):
        get(site.at(), policy)
    assert [path for _, path in site.asked] == ["/"]


@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/",
     "file:///etc/passwd", "http://feed.example:22/", "ftp://feed.example/", "http://me@a.example/"],
)  # fmt: skip
def test_redirects_to_inside_addresses_and_other_schemes_are_refused(
    site: OtherSite, to: str
) -> None:
    site.leads("/", to)
    policy = site.policy(allowed=lambda a: False, find=addresses.resolve)
    first = site.policy()
    both = site.policy(
        find=lambda host, port: first.find(host, port) if host == "feed.example"
        else policy.find(host, port),
        allowed=lambda a: a == "127.0.0.1" and len(site.asked) == 0,
    )  # fmt: skip
    with pytest.raises(Unreadable):
        get(site.at(), both)
    assert len(site.asked) == 1


def test_good_redirects_are_followed_a_few_times(site: OtherSite) -> None:
    site.leads("/a", "/b", 301)
    site.leads("/b", site.at("/c", host="other.example"), 308)
    site.says("/c", {"here": 1})
    assert get(site.at("/a"), site.policy()) == b'{"here": 1}'
    site.leads("/round", "/round")
    with pytest.raises(Unreadable, match="more than 5 redirects"):
        get(site.at("/round"), site.policy())


def test_a_site_that_drips_is_left(site: OtherSite) -> None:
    site.drips("/")
    with pytest.raises(Unreadable, match="too long"):
        get(site.at(), site.policy(seconds=0.3))


def test_headers_that_drip_are_left_too(site: OtherSite) -> None:
    site.drips("/", headers=True)
    with pytest.raises(Unreadable, match="too long"):
        get(site.at(), site.policy(seconds=0.3))


def test_a_bomb_is_let_go_while_it_grows(site: OtherSite) -> None:
    site.bombs("/", megabytes=20)
    with pytest.raises(Unreadable, match="more than 1 MB"):
        get(site.at(), site.policy(most_bytes=1_000_000))


def test_a_packed_answer_is_unpacked(site: OtherSite) -> None:
    site.bombs("/", megabytes=1)
    assert get(site.at(), site.policy()) == b" " * 1_000_000


def test_too_much_is_refused_before_it_is_read(site: OtherSite) -> None:
    site.says("/", b"x" * 2_000_000)
    with pytest.raises(Unreadable, match="more than 1 MB"):
        get(site.at(), site.policy(most_bytes=1_000_000))


@pytest.mark.parametrize(("status", "said"), [(404, "404"), (500, "500"), (204, "204")])
def test_what_the_site_answered_is_said(site: OtherSite, status: int, said: str) -> None:
    site.answers["/"] = lambda visitor: visitor.send_error(status)
    with pytest.raises(Unreadable, match=said):
        get(site.at(), site.policy())


def test_a_site_that_is_not_there_is_said() -> None:
    policy = Policy(allowed=lambda _: True, find=lambda *_: ["127.0.0.1"], ports=frozenset({1}))
    with pytest.raises(Unreadable, match="could not be read: nothing answers at this address"):
        get("http://nobody.example:1/", policy)


@pytest.mark.parametrize(
    ("number", "total", "first"), [("page_number", "total_pages", 1), ("number", "totalPages", 0)]
)
def test_the_pages_of_a_feed_are_followed(
    site: OtherSite, number: str, total: str, first: int
) -> None:
    for page in range(3):
        asked = "/services?size=1" + (f"&page={first + page}" if page else "")
        site.says(asked, {number: first + page, total: 3, "contents": [{"name": f"Choir {page}"}]})
    out = io.BytesIO()
    name = paging.read_feed(site.at("/services?size=1"), out, site.policy())
    assert [path for _, path in site.asked][1:] == [
        f"/services?size=1&page={first + 1}", f"/services?size=1&page={first + 2}",
    ]  # fmt: skip
    assert out.getvalue().count(b"Choir") == 3
    assert name == "services"


def test_a_site_that_gives_the_same_page_again_is_not_taken_for_a_whole_feed(
    site: OtherSite,
) -> None:
    site.says("/", {"page": 1, "total_pages": 5, "contents": []})
    with pytest.raises(Unreadable, match="Page 2"):
        paging.read_feed(site.at(), io.BytesIO(), site.policy())


def test_pages_without_end_are_not_followed(site: OtherSite) -> None:
    site.says("/", {"page": 1, "total_pages": 10**8, "contents": []})
    with pytest.raises(Unreadable, match="100,000,000 pages"):
        paging.read_feed(site.at(), io.BytesIO(), site.policy())


def test_certificates_are_checked_against_the_name() -> None:
    import ssl

    trust = web.Policy().trust or ssl.create_default_context
    assert trust().verify_mode is ssl.CERT_REQUIRED
    assert trust().check_hostname
