"""Publishing the modules to a git repository: once per version, and never over somebody else's work."""

from __future__ import annotations

import datetime
import secrets
import subprocess
import threading
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from groma.errors import GromaError, InputError, OutsideError, ToolMissing
from groma.live import publish as publishing
from groma.live.publish import Git, Published, publish, without_secrets
from groma.terraform.repository import MARK, repository

DAY = datetime.date(2026, 11, 22)
TEXTS = {
    "README.md": f"# Modules\n\n{MARK}\n",
    "main.tf": "# nothing\n",
    "modules/key/main.tf": "# a key\n",
    "examples/key/main.tf": "# an example\n",
}


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty repository."""
    path = tmp_path / "modules.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", str(path))
    return path


def put(remote: Path, version: str, **changed: str) -> Published:
    more = {name.replace("__", "/").replace("_", "."): text for name, text in changed.items()}
    return publish(str(remote), version, today=DAY, contents=encoded({**TEXTS, **more}))


def encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}


def commit(remote: Path, name: str, text: str) -> None:
    """A commit by somebody else."""
    folder = remote.parent / "theirs"
    git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    (folder / name).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "mine")
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/main")


def test_a_version_is_a_commit_and_an_annotated_tag(remote: Path) -> None:
    done = put(remote, "1.2.0")
    assert (done.tag, done.modules, done.existed) == ("v1.2.0", 1, False)
    assert done.source == f"git::file://{remote}//modules?ref=v1.2.0"
    assert git(remote, "rev-parse", "main").strip() == done.commit
    assert git(remote, "cat-file", "-t", "v1.2.0").strip() == "tag"
    names = git(remote, "ls-tree", "-r", "--name-only", "v1.2.0").split()
    assert sorted(names) == sorted([*TEXTS, "LICENSE", "CHANGELOG.md"])
    assert "Apache License" in git(remote, "show", "v1.2.0:LICENSE")
    assert (
        git(remote, "show", "v1.2.0:CHANGELOG.md") == "# Changes\n\n## 1.2.0 (2026-11-22)\n\n- added `key`\n"
    )


def test_the_same_again_changes_nothing_on_any_day(remote: Path) -> None:
    first = put(remote, "1.2.0")
    again = publish(str(remote), "v1.2.0", today=DAY + datetime.timedelta(days=9), contents=encoded(TEXTS))
    assert again.existed
    assert again.commit == first.commit
    assert git(remote, "rev-list", "--count", "main").strip() == "1"


def test_a_tag_is_never_moved(remote: Path) -> None:
    first = put(remote, "1.2.0")
    with pytest.raises(InputError, match=r"v1\.2\.0 is published with other content: modules/key/main\.tf"):
        put(remote, "1.2.0", modules__key__main_tf="# another key\n")
    assert git(remote, "rev-parse", "v1.2.0^{commit}").strip() == first.commit


def test_the_changelog_says_what_a_version_changed(remote: Path) -> None:
    put(remote, "1.0.0")
    put(remote, "1.1.0", modules__key__main_tf="# another key\n", modules__dns__main_tf="# a zone\n")
    put(remote, "2.0.0", modules__dns__main_tf="# a zone\n", modules__key__main_tf="# another key\n")
    log = git(remote, "show", "main:CHANGELOG.md")
    assert "## 2.0.0 (2026-11-22)\n\n- nothing but the version\n" in log
    assert "## 1.1.0 (2026-11-22)\n\n- added `dns`\n- changed `key`\n" in log
    assert log.index("2.0.0") < log.index("1.1.0") < log.index("1.0.0")
    put(remote, "3.0.0")
    assert "- removed `dns`" in git(remote, "show", "main:CHANGELOG.md")
    assert "modules/dns/main.tf" not in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_what_others_keep_in_the_repository_stays(remote: Path) -> None:
    put(remote, "1.0.0")
    commit(remote, "CODEOWNERS", "* @ada\n")
    put(remote, "1.1.0", main_tf="# still nothing\n")
    assert git(remote, "show", "main:CODEOWNERS") == "* @ada\n"
    assert git(remote, "show", "main:main.tf") == "# still nothing\n"


def test_a_new_repository_may_hold_a_readme(remote: Path) -> None:
    commit(remote, "README.md", "# terraform-aws-things\n")
    assert put(remote, "1.0.0").existed is False
    assert MARK in git(remote, "show", "main:README.md")


def test_a_repository_with_a_life_of_its_own_is_left_alone(remote: Path) -> None:
    commit(remote, "app.py", "print()\n")
    with pytest.raises(InputError, match=r"holds app\.py and no modules that groma published"):
        put(remote, "1.0.0")
    assert git(remote, "tag", "--list") == ""


def test_a_push_that_lost_a_race_leaves_nothing(remote: Path, tmp_path: Path) -> None:
    put(remote, "1.0.0")
    folder = tmp_path / "work"
    folder.mkdir()
    ours = Git(folder, str(remote))
    branch = ours.fetch()
    commit(remote, "CODEOWNERS", "* @ada\n")
    ours.write(encoded({**TEXTS, "LICENSE": "", "CHANGELOG.md": "# Changes\n"}))
    with pytest.raises(OutsideError, match="somebody else has pushed in between") as caught:
        ours.push(branch, "v1.1.0")
    assert "repeat" in caught.value.hint
    assert git(remote, "tag", "--list").split() == ["v1.0.0"]


def test_a_repository_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="there is no such repository"):
        publish(str(tmp_path / "none.git"), "1.0.0", today=DAY, contents=encoded(TEXTS))


@pytest.mark.parametrize("version", ["1.2", "latest", "1.2.0-rc1", "01.2.x", ""])
def test_a_version_has_three_numbers(remote: Path, version: str) -> None:
    with pytest.raises(InputError, match="is no version"):
        put(remote, version)


def test_without_git(remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ToolMissing, match="git is not installed"):
        put(remote, "1.0.0")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("remote: Permission to a/b.git denied to c.", "no access"),
        ("fatal: Authentication failed for 'https://example.com/'", "no access"),
        ("fatal: could not read Username for 'https://example.com': terminal prompts disabled", "no access"),
        ("fatal: repository 'https://example.com/' not found", "there is no such repository"),
        ("ssh: Could not resolve hostname example.com: Name or service not known", "cannot be reached"),
        (" ! [remote rejected] HEAD -> main (pre-receive hook declined)", "the repository refuses the push"),
        ("fatal: something new", "git fetch failed"),
    ],
)
def test_what_git_says_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, what: str
) -> None:
    failed = subprocess.CompletedProcess([], 128, b"", said.encode())
    monkeypatch.setattr(Git, "_call", lambda self, *arguments: failed)
    with pytest.raises(OutsideError) as caught:
        Git(tmp_path, "example")._remote("fetch")
    assert caught.value.what.startswith(what)
    assert caught.value.hint
    assert isinstance(caught.value, GromaError)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("https://ada:s3cret@example.com/a.git", "https://example.com/a.git"),
        ("https://s3cret@example.com/a.git", "https://example.com/a.git"),
        ("HTTPS://ada:s3cret@example.com/a.git", "HTTPS://example.com/a.git"),
        ("https://ada:s3@cret@example.com:8443/a.git", "https://example.com:8443/a.git"),
        ("https://ada:s3cret@example.com", "https://example.com"),
        ("ssh://git@example.com/a.git", "ssh://git@example.com/a.git"),
        ("ssh://git:s3cret@example.com:22/a.git", "ssh://git@example.com:22/a.git"),
        ("git@example.com:a.git", "git@example.com:a.git"),
        ("https://example.com/a@b.git", "https://example.com/a@b.git"),
        ("/srv/a@b.git", "/srv/a@b.git"),
        ("from 'https://a:s3cret@x.org/' to https://s3cret@y.org", "from 'https://x.org/' to https://y.org"),
    ],
)
def test_what_is_shown_of_an_address(text: str, public: str) -> None:
    assert without_secrets(text) == public


class _Refuses(BaseHTTPRequestHandler):
    """A host of repositories to which nobody has access."""

    def do_GET(self) -> None:
        self.send_error(403 if "Authorization" in self.headers else 401)

    def send_error(self, code: int, *_: object) -> None:  # type: ignore[override]
        self.send_response(code)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_refused_token_is_not_told() -> None:
    token = secrets.token_hex(8)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}/a.git"
        with pytest.raises(OutsideError) as caught:
            publish(f"http://ada:{token}@{host}", "1.0.0", today=DAY, contents=encoded(TEXTS))
        server.shutdown()
    assert caught.value.what.startswith("no access")
    assert caught.value.where == f"http://{host}"
    assert token not in "".join(traceback.format_exception(caught.value))


def test_a_token_is_used_and_not_told(tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git takes the address with the token for the repository on this disk; another is not known to it."""
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[url "{remote}"]\n\tinsteadOf = https://ada:s3cret@example.com/a.git\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    done = publish("https://ada:s3cret@example.com/a.git", "1.0.0", today=DAY, contents=encoded(TEXTS))
    assert done.remote == "https://example.com/a.git"
    assert done.source == "git::https://example.com/a.git//modules?ref=v1.0.0"
    with pytest.raises(InputError) as caught:
        publish("https://ada:s3cret@example.com/a.git", "1.0.0", today=DAY, contents=encoded({"main.tf": ""}))
    assert caught.value.where == "https://example.com/a.git"


def test_all_modules_are_in_the_repository_with_examples_and_tests() -> None:
    texts = {path: content.decode(errors="replace") for path, content in repository().items()}
    assert {"README.md", "main.tf"} <= set(texts)
    for name in ("network", "key", "alarms", "database", "server-tier", "starter"):
        assert f"modules/{name}/vars.tf" in texts
        assert f"modules/{name}/tests/{name}.tftest.hcl" in texts
        assert f'source = "../../modules/{name}"' in texts[f"examples/{name}/main.tf"]
        assert f"| [{name}](modules/{name}) | " in texts["README.md"]
    assert not any(".terraform" in path for path in texts)


def test_publishing_has_a_licence() -> None:
    assert "Version 2.0, January 2004" in publishing.licence()
