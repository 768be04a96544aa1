"""Posts and timelines, on every host."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from behaviour import App, Person, eventually

LONG = "🦉é\n\t漢" * 2_000


def test_a_post_is_shown_as_it_was_written(app: App) -> None:
    person, before = app.person(), time.time()
    post = person.says("Hello, 世界")
    assert post["author"] == person.handle
    assert post["text"] == "Hello, 世界"
    assert post["picture"] is None
    assert before - 5 < post["created_ms"] / 1000 < time.time() + 5
    assert len(post["id"]) == 26
    shown = person.call("GET", f"/api/users/{person.handle}/posts").content
    assert shown == {"posts": [post], "next": None}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "x" * 10_000,
        LONG,
        "🦉" * 10_000,
        "family 👨‍👩‍👧‍👦, e\u0301 stays decomposed, \u202eright to left\u202c",
        '<script>alert("1")</script> \' OR 1=1; -- ${x} {{y}} %s \\',
        "  spaces  and\r\nlines\n",
    ],
    ids=["one", "ascii", "mixed", "astral", "joined", "code", "white"],
)
def test_any_text_comes_back_byte_for_byte(app: App, text: str) -> None:
    person = app.person()
    assert person.says(text)["text"] == text
    person.comes_to_see(text)


@pytest.mark.parametrize(
    "text", ["", " \n\t\u3000", "x" * 10_001, "🦉" * 10_001, "zero\u0000byte", "half \ud83d", None, 7, ["a"]]
)
def test_what_is_no_post_is_refused_and_leaves_nothing(app: App, text: object) -> None:
    person = app.person()
    assert person.call("POST", "/api/posts", {"text": text}).refusal == (400, "text")
    assert person.all_texts() == []


def test_a_repeat_with_the_same_key_is_the_same_post(app: App) -> None:
    person = app.person()
    first, again = (
        person.call("POST", "/api/posts", {"text": "once"}, idempotency_key="k-1") for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert first.content == again.content
    person.comes_to_see("once")
    assert person.all_texts() == ["once"]


def test_two_at_once_with_the_same_key_make_one_post(app: App) -> None:
    person = app.person()
    together = threading.Barrier(8)

    def post(_: int) -> tuple[int, str]:
        together.wait()
        reply = person.call("POST", "/api/posts", {"text": "once"}, idempotency_key="k-2")
        return reply.status, reply.content.get("id")

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, range(8)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    person.comes_to_see("once")
    assert person.all_texts() == ["once"]


def test_a_key_is_its_owners_and_is_for_one_request(app: App) -> None:
    one, two = app.person(), app.person()
    mine = one.call("POST", "/api/posts", {"text": "mine"}, idempotency_key="same").content
    yours = two.call("POST", "/api/posts", {"text": "yours"}, idempotency_key="same").content
    assert (mine["author"], yours["author"]) == (one.handle, two.handle)
    other = one.call("POST", "/api/posts", {"text": "changed my mind"}, idempotency_key="same")
    assert other.refusal == (409, "Idempotency-Key")


@pytest.mark.parametrize("key", ["x" * 65, "with space"])
def test_a_key_of_another_form_is_refused(app: App, key: str) -> None:
    reply = app.person().call("POST", "/api/posts", {"text": "hello"}, idempotency_key=key)
    assert reply.refusal == (400, "Idempotency-Key")


def test_without_a_key_the_same_text_twice_is_two_posts(app: App) -> None:
    person = app.person()
    assert person.says("again")["id"] < person.says("again")["id"]
    person.comes_to_see("again", "again")


def test_a_follower_sees_what_is_posted_afterwards_and_others_do_not(app: App) -> None:
    writer, follower, stranger = app.person("writer"), app.person("follower"), app.person("stranger")
    follower.follows(writer)
    writer.says("for those who follow")
    follower.comes_to_see("for those who follow")
    writer.comes_to_see("for those who follow")
    assert stranger.all_texts() == []


def test_following_is_counted_once_and_ends(app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")

    def counts() -> tuple[int, int]:
        return (
            follower.call("GET", f"/api/users/{writer.handle}").content["followers"],
            follower.call("GET", "/api/me").content["following"],
        )

    for _ in range(2):
        follower.follows(writer)
    eventually(counts, (1, 1), app.settle_s)
    for _ in range(2):
        assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
    eventually(counts, (0, 0), app.settle_s)
    writer.says("unheard")
    writer.comes_to_see("unheard")
    assert "unheard" not in follower.all_texts()


def test_one_is_told_whom_one_follows(app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")

    def following(whose: Person, whom: str) -> object:
        reply = whose.call("GET", f"/api/following/{whom}")
        assert reply.status == 200, reply.body
        return reply.content

    assert following(follower, writer.handle) == {"following": False}
    follower.follows(writer)
    assert following(follower, writer.handle) == {"following": True}
    assert following(follower, writer.handle.upper()) == {"following": True}
    assert following(writer, follower.handle) == {"following": False}
    assert following(follower, "nobody_at_all") == {"following": False}
    assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
    assert following(follower, writer.handle) == {"following": False}


def test_whom_one_cannot_follow(app: App) -> None:
    person = app.person()
    assert person.call("PUT", "/api/following/nobody_at_all").status == 404
    assert person.call("PUT", "/api/following/No%20body").status == 404
    assert person.call("PUT", f"/api/following/{person.handle}").refusal == (400, "handle")
    assert person.call("DELETE", "/api/following/nobody_at_all").status == 204


def test_pages_follow_each_other_without_gap_or_repeat(app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    texts = [f"post {number}" for number in range(23)]
    for text in texts:
        writer.says(text)
    newest_first = texts[::-1]
    follower.comes_to_see(*newest_first)
    for limit in (1, 5, 23, 50):
        assert follower.all_texts(limit) == newest_first
    assert len(follower.sees()["posts"]) == 20
    page = follower.sees(limit=5)
    writer.says("meanwhile")
    follower.comes_to_see("meanwhile")
    later = follower.sees(limit=5, before=page["next"])
    assert [post["text"] for post in later["posts"]] == newest_first[5:10]


def test_a_persons_posts_come_in_pages_for_everybody(app: App) -> None:
    writer = app.person("writer")
    for number in range(3):
        writer.says(f"post {number}")
    path = f"/api/users/{writer.handle}/posts"
    eventually(lambda: len(app.call("GET", path).content["posts"]), 3, max(app.settle_s, 5))
    first = app.call("GET", f"{path}?limit=2").content
    rest = app.call("GET", f"{path}?limit=2&before={first['next']}").content
    assert [post["text"] for post in first["posts"] + rest["posts"]] == ["post 2", "post 1", "post 0"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=-1", "limit"),
        ("limit=all", "limit"),
        ("limit=%D9%A3", "limit"),
        ("before=yesterday", "before"),
        ("before=0123456789abcdefghjkmnpqrs", "before"),
    ],
)
def test_a_page_of_another_form_is_refused(app: App, query: str, field: str) -> None:
    person = app.person()
    assert person.call("GET", f"/api/timeline?{query}").refusal == (400, field)
    assert person.call("GET", f"/api/users/{person.handle}/posts?{query}").refusal == (400, field)


def test_one_reads_what_one_has_just_written(app: App) -> None:
    person = app.person()
    for number in range(10):
        person.says(f"post {number}")
        person.comes_to_see(f"post {number}")


def test_many_at_once_lose_and_double_nothing(app: App) -> None:
    writers, follower = [app.person("writer") for _ in range(4)], app.person("follower")
    for writer in writers:
        follower.follows(writer)
    expected = {f"{w} says {n}" for w in range(4) for n in range(25)}

    def say(number: int) -> None:
        for n in range(25):
            writers[number].says(f"{number} says {n}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, range(4)))
    eventually(lambda: len(follower.all_texts()), 100, app.settle_s * 4)
    seen = follower.all_texts()
    assert len(seen) == len(set(seen)) == 100
    assert set(seen) == expected
    for number in range(4):
        own = [text for text in seen if text.startswith(f"{number} ")]
        assert own == [f"{number} says {n}" for n in reversed(range(25))]
