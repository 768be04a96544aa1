"""The routing table, and how each refusal looks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from chirp.social import errors
from chirp.social.http import PUBLIC, ROUTES, STATUSES, Request, refuse, respond
from chirp.social.model import MAX_FOLLOWING

sys.path.insert(0, str(Path(__file__).parents[1] / "behaviour"))

from memory_host import Memory, social_over


@pytest.mark.parametrize("error", list(STATUSES), ids=lambda error: error.__name__)
def test_each_refusal_has_its_status_and_says_why(error: type[errors.SocialError]) -> None:
    response = refuse(error("why", field="text"))
    assert response.status == STATUSES[error]
    content = json.loads(response.body)
    assert (content["error"], content["field"]) == ("why", "text")
    assert content.get("confirm", False) is (error is errors.Unconfirmed)
    assert response.headers.get("www-authenticate") == ("Bearer" if error is errors.Unauthorised else None)
    assert response.headers.get("retry-after") == ("1" if error is errors.TooMany else None)


def test_every_error_has_a_status() -> None:
    assert set(errors.SocialError.__subclasses__()) == set(STATUSES)


@pytest.mark.parametrize(("method", "path"), [key for key, route in ROUTES.items() if route not in PUBLIC])
def test_routes_that_are_not_public_ask_for_a_token_before_anything_else(method: str, path: str) -> None:
    request = Request(method, path.replace("{handle}", "nobody"), body=b"no JSON at all")
    assert respond(social_over(Memory()), request).status == 401


def test_a_caller_that_the_host_has_made_sure_of_needs_no_token() -> None:
    memory = Memory(passwords={"ada": "x"})
    response = respond(social_over(memory), Request("GET", "/api/me", caller="ada"))
    assert json.loads(response.body) == {"handle": "ada", "followers": 0, "following": 0}


def test_another_method_names_those_that_there_are() -> None:
    response = respond(social_over(Memory()), Request("PATCH", "/api/following/ada"))
    assert (response.status, response.headers["allow"]) == (405, "GET, PUT, DELETE")


def test_one_person_follows_a_bounded_number_of_others() -> None:
    crowd = [f"reader_{number}" for number in range(MAX_FOLLOWING + 1)]
    memory = Memory(passwords=dict.fromkeys(["ada", *crowd], "x"))
    memory.follows = {("ada", name) for name in crowd[1:]}

    def follow(name: str) -> int:
        return respond(social_over(memory), Request("PUT", f"/api/following/{name}", caller="ada")).status

    assert [follow(crowd[0]), follow(crowd[1])] == [409, 204]
    memory.unfollow("ada", crowd[1])
    assert follow(crowd[0]) == 204


def test_an_answer_without_content_has_no_body() -> None:
    memory = Memory(passwords={"ada": "x", "bob": "y"})
    response = respond(social_over(memory), Request("PUT", "/api/following/bob", caller="ada"))
    assert (response.status, response.body) == (204, b"")
    assert "content-type" not in response.headers


def test_what_is_no_refusal_is_left_to_the_host() -> None:
    class Broken(Memory):
        def profile(self, handle: str) -> object:  # type: ignore[override]
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        respond(social_over(Broken()), Request("GET", "/api/users/ada"))


def test_text_is_sent_as_it_is() -> None:
    memory = Memory(passwords={"ada": "x"})
    request = Request("POST", "/api/posts", body='{"text": "日本 🦉"}'.encode(), caller="ada")
    assert "日本 🦉".encode() in respond(social_over(memory), request).body
