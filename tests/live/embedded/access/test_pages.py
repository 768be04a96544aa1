"""What a browser sends, for whom, and under which name."""

from __future__ import annotations

import pytest

from groma.live.embedded.access.pages import fault_of_page, for_own_pages, is_own_origin
from groma.live.embedded.gate import Http

PORT = 4566
SITE = f"http://d1.cloudfront.localhost:{PORT}"
VISIT = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def let_in(method: str = "POST", host: str = f"127.0.0.1:{PORT}", **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return fault_of_page(Http(method, "/", "", {"host": host, **named}), PORT) is None


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        (SITE, True),
        ("http://d1.cloudfront.localhost:4567", False),
        ("http://d1.cloudfront.localhost", False),
        (f"http://127.0.0.1:{PORT}", False),  # an object of a bucket may be a page
        ("http://127.0.0.1:3000", False),
        ("http://localhost:3000", False),
        (f"http://api.execute-api.localhost:{PORT}", False),
        (f"http://localhost.example.com:{PORT}", False),
        ("https://d1.cloudfront.net", False),
        ("https://example.com", False),
        ("http://[", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_the_stacks_own_site_is_an_own_page(origin: str, own: bool) -> None:
    assert is_own_origin(origin, PORT) is own
    assert let_in(origin=origin) is own
    assert let_in("GET", origin=origin) is own


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_gets_nothing_but_a_visit(site: str) -> None:
    assert not let_in("GET", sec_fetch_site=site, sec_fetch_mode="no-cors")
    assert not let_in("POST", sec_fetch_site=site, **{n.replace("-", "_"): v for n, v in VISIT.items()})
    assert not let_in("GET", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
    assert let_in("GET", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="document")


def test_programs_and_the_site_itself_are_let_in() -> None:
    assert let_in()
    assert let_in(sec_fetch_site="none")
    assert let_in("GET", f"d1.cloudfront.localhost:{PORT}", sec_fetch_site="same-origin")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        (f"localhost:{PORT}", True),
        ("127.0.0.1", True),
        ("LOCALHOST", True),
        (f"d1.cloudfront.localhost:{PORT}", True),
        ("d1.cloudfront.net", True),
        ("abc.execute-api.us-east-1.amazonaws.com", True),
        ("sns.us-east-1.amazonaws.com", True),
        (f"localhost:{PORT + 1}", False),
        (f"evil.example.com:{PORT}", False),
        ("cloudfront.net.example.com", False),
        (f"evil.localhost:{PORT}", False),
        ("0.0.0.0", False),
        ("[::1]", False),
        ("", False),
    ],
)
def test_a_name_that_is_not_this_clouds_is_refused(host: str, own: bool) -> None:
    assert let_in(host=host) is own


def test_no_other_page_may_read_an_answer() -> None:
    answered = [(b"Access-Control-Allow-Origin", b"*"), (b"access-control-max-age", b"9"), (b"etag", b"1")]
    for origin in ("", "https://example.com", "http://127.0.0.1:3000"):
        assert for_own_pages(answered, {"origin": origin}, PORT) == [(b"etag", b"1")]
    seen = dict(for_own_pages(answered, {"origin": SITE}, PORT))
    assert seen[b"access-control-allow-origin"] == SITE.encode()
    assert b"Access-Control-Allow-Origin" not in seen
