"""Sign-up, confirmation, login, tokens and profiles, on every host."""

from __future__ import annotations

import secrets

import pytest
from behaviour import PASSWORD, App


def new_handle() -> str:
    return f"n_{secrets.token_hex(6)}"


def account(handle: str, **other: object) -> dict[str, object]:
    return {"handle": handle, "email": f"{handle}@example.com", "password": PASSWORD} | other


def test_the_application_is_healthy(app: App) -> None:
    reply = app.call("GET", "/api/healthz")
    assert (reply.status, reply.content) == (200, {"ok": True})
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"


def test_a_person_signs_up_logs_in_and_is_known(app: App) -> None:
    person = app.person("ada")
    reply = person.call("GET", "/api/me")
    assert (reply.status, reply.content) == (200, {"handle": person.handle, "followers": 0, "following": 0})


def test_a_session_says_for_how_long_it_is_good(app: App) -> None:
    person = app.person()
    session = app.call("POST", "/api/sessions", {"handle": person.handle, "password": PASSWORD}).content
    assert 60 <= session["expires_s"] <= 30 * 86_400
    assert session.keys() == {"token", "expires_s"}


def test_where_a_code_is_mailed_nobody_logs_in_before_giving_it(app: App) -> None:
    handle = new_handle()
    opened = app.call("POST", "/api/accounts", account(handle))
    assert (opened.status, opened.content["handle"]) == (201, handle)
    credentials = {"handle": handle, "password": PASSWORD}
    login = app.call("POST", "/api/sessions", credentials)
    if not opened.content["confirm"]:
        assert login.status == 200
        return
    assert (login.status, login.content["confirm"]) == (403, True)
    wrong = app.call("POST", f"/api/accounts/{handle}/confirm", {"code": "000000x"})
    assert wrong.refusal == (400, "code")
    right = app.call("POST", f"/api/accounts/{handle}/confirm", {"code": app.code(handle)})
    assert (right.status, right.body) == (204, b"")
    assert app.call("POST", "/api/sessions", credentials).status == 200


def test_a_code_that_was_sent_again_takes_the_place_of_the_first(app: App) -> None:
    handle = new_handle()
    opened = app.call("POST", "/api/accounts", account(handle))
    if not opened.content["confirm"]:
        assert app.call("POST", f"/api/accounts/{handle}/code").status == 204
        return
    first = app.code(handle)
    again = app.call("POST", f"/api/accounts/{handle}/code")
    assert (again.status, again.body) == (204, b"")
    if app.code(handle) != first:
        old = app.call("POST", f"/api/accounts/{handle}/confirm", {"code": first})
        assert old.refusal == (400, "code")
    right = app.call("POST", f"/api/accounts/{handle}/confirm", {"code": app.code(handle)})
    assert right.status == 204


def test_asking_for_a_code_does_not_tell_who_has_an_account(app: App) -> None:
    person = app.person()
    answers = [app.call("POST", f"/api/accounts/{name}/code") for name in (person.handle, new_handle())]
    assert [(answer.status, answer.body) for answer in answers] == [(204, b"")] * 2


def test_codes_are_not_mailed_without_end(app: App) -> None:
    handle = new_handle()
    if not app.call("POST", "/api/accounts", account(handle)).content["confirm"]:
        return
    answers = [app.call("POST", f"/api/accounts/{handle}/code") for _ in range(20)]
    assert answers[0].status == 204
    assert answers[-1].status == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_capital_letters_make_no_other_person(app: App) -> None:
    person = app.person("ada")
    capital = person.handle.upper()
    assert app.call("POST", "/api/accounts", account(capital)).refusal == (409, "handle")
    assert app.call("POST", "/api/sessions", {"handle": capital, "password": PASSWORD}).status == 200
    assert app.call("GET", f"/api/users/{capital}").content["handle"] == person.handle


def test_a_taken_handle_stays_with_its_owner(app: App) -> None:
    person = app.person()
    other = account(person.handle, password="another password")
    assert app.call("POST", "/api/accounts", other).refusal == (409, "handle")
    login = app.call("POST", "/api/sessions", {"handle": person.handle, "password": "another password"})
    assert login.status == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", None),
        ("handle", 7),
        ("handle", "ab"),
        ("handle", "a" * 31),
        ("handle", "1abc"),
        ("handle", "ädä"),
        ("handle", "a/b/c"),
        ("handle", "a\u0000bc"),
        ("handle", "thumbnails"),
        ("email", None),
        ("email", "nobody"),
        ("email", "a b@example.com"),
        ("email", "a@example.com\u0000"),
        ("email", "a@" + "b" * 250 + ".com"),
        ("password", None),
        ("password", ["correct horse battery"]),
        ("password", "short"),
        ("password", "x" * 129),
        ("password", " begins with a space"),
        ("password", "holds a\u0000zero byte"),
        ("password", "half a character \ud83d"),
    ],
)
def test_what_no_account_can_have_is_refused_by_name(app: App, field: str, value: object) -> None:
    content = account(new_handle()) | {field: value}
    assert app.call("POST", "/api/accounts", content).refusal == (400, field)


def test_a_password_may_hold_any_script_and_is_the_same_from_every_keyboard(app: App) -> None:
    handle = new_handle()
    opened = app.call("POST", "/api/accounts", account(handle, password="Zürich 🦉 ключ é"))
    assert opened.status == 201
    if opened.content["confirm"]:
        app.call("POST", f"/api/accounts/{handle}/confirm", {"code": app.code(handle)})
    decomposed = "Zu\u0308rich 🦉 ключ e\u0301"
    assert app.call("POST", "/api/sessions", {"handle": handle, "password": decomposed}).status == 200


def test_a_wrong_password_and_an_unknown_handle_look_the_same(app: App) -> None:
    person = app.person()
    answers = [
        app.call("POST", "/api/sessions", {"handle": handle, "password": "wrong password"})
        for handle in (person.handle, new_handle(), "no such handle")
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(401, answers[0].body)}


@pytest.mark.parametrize("content", [{}, {"handle": "ada"}, {"handle": 1, "password": 2}])
def test_a_login_without_handle_or_password_is_refused(app: App, content: object) -> None:
    assert app.call("POST", "/api/sessions", content).status in (400, 401)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/me"),
        ("POST", "/api/posts"),
        ("GET", "/api/following/somebody"),
        ("PUT", "/api/following/somebody"),
        ("DELETE", "/api/following/somebody"),
        ("GET", "/api/timeline"),
        ("POST", "/api/pictures"),
    ],
)
@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer x", "Bearer a.b.c", "Basic YWRhOmFkYQ=="])
def test_without_a_good_token_nothing_is_done(
    app: App, method: str, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    assert app.call(method, path, {"text": "hello"}, **headers).status == 401


def test_a_token_that_was_changed_anywhere_is_worth_nothing(app: App) -> None:
    person = app.person()
    token = person.token
    for place in (0, len(token) // 4, len(token) // 2, 3 * len(token) // 4, len(token) - 3):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert app.call("GET", "/api/me", token=changed).status == 401, f"character {place}"
    assert app.call("GET", "/api/me", token=token[:-1]).status == 401
    assert app.call("GET", "/api/me", token=token).status == 200


def test_one_persons_token_is_not_anothers(app: App) -> None:
    one, two = app.person(), app.person()
    assert one.call("GET", "/api/me").content["handle"] == one.handle
    assert two.call("GET", "/api/me").content["handle"] == two.handle


def test_nobody_has_an_unknown_handle(app: App) -> None:
    for path in (f"/api/users/{new_handle()}", "/api/users/No%20body", f"/api/users/{new_handle()}/posts"):
        assert app.call("GET", path).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"handle": "a' + b"a" * 300_000]
)
def test_a_body_that_is_no_object_is_refused(app: App, body: bytes) -> None:
    assert app.call("POST", "/api/accounts", body=body).status in (400, 413)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/users", "/api/users/a/b/c"])
def test_an_unknown_path_is_not_found(app: App, path: str) -> None:
    assert app.call("GET", path).status == 404


def test_another_method_is_refused(app: App) -> None:
    assert app.call("DELETE", "/api/healthz").status in (404, 405)
