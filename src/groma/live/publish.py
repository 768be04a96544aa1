"""Publish the Terraform modules: one commit and one tag, pushed to a git repository of the user's.

A version is published once. What is there already and is the same is left alone; a tag is never moved.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from groma.errors import InputError, OutsideError, ToolMissing
from groma.terraform.repository import MARK, changelog, changes, repository
from groma.words import Words, abridged

OWN = ("README.md", "main.tf", "LICENSE", "CHANGELOG.md", "modules", "examples")
"""What a publication writes; everything else in the repository is left as it is."""
START = frozenset({"README.md", "LICENSE", "LICENSE.md", ".gitignore", ".github", ".gitattributes"})
"""What a new repository may hold before the first publication."""
VERSION = re.compile(r"v?(\d+\.\d+\.\d+)")
CHANGELOG = "CHANGELOG.md"
USER_INFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<user>[^\s/:'\"]*)[^\s/'\"]*@", re.IGNORECASE)
"""User, password or token of a URL, up to the last `@` before its path."""
TIMEOUT_S = 300.0


@dataclass(frozen=True)
class Published:
    """What `publish` has done: the tag, its commit, how many modules, and whether it was there before."""

    remote: str
    tag: str
    commit: str
    modules: int
    existed: bool

    @property
    def source(self) -> str:
        """What `groma build --modules` takes: `git::REMOTE//modules?ref=v1.2.0`."""
        local = "file://" if self.remote.startswith("/") else ""
        return f"git::{local}{self.remote}//modules?ref={self.tag}"

    def words(self) -> Words:
        """What stands where, and what to type next."""
        how = "is published already, with the same content" if self.existed else "is published"
        done = f"{self.tag} {how}: {self.modules} modules, commit {self.commit[:12]}, in {self.remote}"
        return Words(lines=(done, f"next: groma build --modules '{self.source}'"))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {**asdict(self), "source": self.source}


def publish(
    remote: str, version: str, *, today: date, contents: Mapping[str, bytes] | None = None
) -> Published:
    """Push all modules as a version. Safe to repeat: the same content under the same version changes nothing.

    Args:
        remote: a git repository, as `git push` takes it.
        version: `1.2.0`.
        today: the day for the changelog.
        contents: what to publish, path → content; the modules of this Groma when left out.

    Raises:
        InputError: the version is none, or is published with other content; the repository is not one of
            Groma's.
        ToolMissing: there is no git.
        OutsideError: the repository cannot be reached or does not accept the push.
    """
    if not remote or remote.startswith("-"):
        raise InputError(
            f"{abridged(remote)} is no repository", where="REMOTE", hint="as `git push` takes it"
        )
    found = VERSION.fullmatch(version)
    if found is None:
        raise InputError(f"{version!r} is no version", where="--version", hint="write it as 1.2.0")
    tag = f"v{found[1]}"
    remote = str(Path(remote).resolve()) if Path(remote).is_dir() else remote
    own = {**(repository() if contents is None else contents), "LICENSE": licence().encode()}
    with tempfile.TemporaryDirectory(prefix="groma-publish-") as folder:
        git = Git(Path(folder), remote)
        branch = git.fetch()
        if git.has(tag):
            return _published_before(git, tag, own)
        _may_write(git, branch)
        before = git.read(branch) if branch else {}
        earlier = before.get(CHANGELOG, b"").decode(errors="replace")
        log = changelog(earlier, found[1], today.isoformat(), changes(before, own))
        git.write({**own, CHANGELOG: log.encode()})
        commit = git.push(branch or "main", tag)
    return Published(git.shown, tag, commit, len(_modules(own)), existed=False)


def without_secrets(text: str) -> str:
    """The text without the user info of its URLs; SSH keeps the user, who is part of the address there."""

    def public(found: re.Match[str]) -> str:
        return f"{found['scheme']}{found['user']}@" if "ssh" in found["scheme"].lower() else found["scheme"]

    return USER_INFO.sub(public, text)


def licence() -> str:
    """The licence that Groma and its modules come under."""
    checkout = Path(__file__).parents[3] / "LICENSE"
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    try:
        text = distribution("groma").read_text("licenses/LICENSE")
    except PackageNotFoundError:
        text = None
    if not text:
        raise OutsideError("the licence is missing", where="groma", hint="install groma again")
    return text


def _modules(contents: Mapping[str, bytes]) -> set[str]:
    return {path.split("/")[1] for path in contents if path.startswith("modules/")}


def _published_before(git: Git, tag: str, own: Mapping[str, bytes]) -> Published:
    """The version as it is in the repository. Raises InputError when its content is another."""
    there = {path: content for path, content in git.read(tag).items() if path.split("/")[0] in OWN}
    there.pop(CHANGELOG, None)
    different = sorted({path for path in there.keys() | own.keys() if there.get(path) != own.get(path)})
    if different:
        more = f" and {len(different) - 1} more" if len(different) > 1 else ""
        raise InputError(
            f"{tag} is published with other content: {different[0]}{more} differ",
            where=git.shown,
            hint="a version never changes: publish under the next one with --version",
        )
    return Published(git.shown, tag, git.commit_of(tag), len(_modules(own)), existed=True)


def _may_write(git: Git, branch: str) -> None:
    """Refuse a repository with a life of its own. Raises InputError."""
    if not branch:
        return
    there = git.read(branch)
    others = sorted({path.split("/")[0] for path in there} - START)
    if others and MARK.encode() not in there.get("README.md", b""):
        raise InputError(
            f"holds {', '.join(others[:3])} and no modules that groma published",
            where=git.shown,
            hint="publish to an empty repository of its own",
        )


class Git:
    """git in an empty folder, with one remote; `shown` is its address as anybody may read it."""

    def __init__(self, folder: Path, remote: str) -> None:
        self.folder, self.remote, self.shown = folder, remote, without_secrets(remote)
        program = shutil.which("git")
        if program is None:
            raise ToolMissing("git is not installed", where="PATH", hint="install git, then try again")
        self._program = program

    def fetch(self) -> str:
        """Fetch all branches and tags; the name of the main branch, empty when there is none yet."""
        self._run("init", "--quiet", "--initial-branch", "main")
        self._run("remote", "add", "origin", self.remote)
        heads = self._remote("ls-remote", "--symref", "origin", "HEAD", "refs/heads/*")
        self._remote("fetch", "--quiet", "--tags", "origin")
        branches = re.findall(r"^[0-9a-f]+\trefs/heads/(.+)$", heads, re.MULTILINE)
        if not branches:
            return ""
        head = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", heads, re.MULTILINE)
        branch = head[1] if head and head[1] in branches else branches[0]
        self._run("checkout", "--quiet", "-B", branch, f"origin/{branch}")
        return str(branch)

    def has(self, tag: str) -> bool:
        """Whether the remote has a tag."""
        return bool(self._run("tag", "--list", tag).strip())

    def read(self, revision: str) -> dict[str, bytes]:
        """All files of a commit, branch or tag: path → content."""
        archive = self._call("archive", "--format=tar", revision)
        self._must_have_done(archive, "archive")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            found = {member.name: files.extractfile(member) for member in files.getmembers()}
            return {name: file.read() for name, file in found.items() if file is not None}

    def commit_of(self, tag: str) -> str:
        """The commit that a tag names."""
        return self._run("rev-parse", f"{tag}^{{commit}}").strip()

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Put these files in the place of everything that a publication writes."""
        for name in OWN:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for name, content in contents.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def push(self, branch: str, tag: str) -> str:
        """Commit everything, tag it, and push both or neither; the commit."""
        who = [] if self._run("config", "--default", "", "--get", "user.email").strip() else [*_NOBODY]
        self._run("add", "--all", "--force", *OWN)
        self._run(*who, "commit", "--quiet", "--allow-empty", "--message", f"Modules {tag}")
        self._run(*who, "tag", "--annotate", "--message", f"Modules {tag}", tag)
        self._remote("push", "--quiet", "--atomic", "origin", f"HEAD:refs/heads/{branch}", f"refs/tags/{tag}")
        return self.commit_of(tag)

    def _remote(self, *arguments: str) -> str:
        """A command that speaks to the remote, with its failures in words. Raises OutsideError."""
        done = self._call(*arguments)
        if done.returncode == 0:
            return _text(done.stdout)
        said = without_secrets(_text(done.stderr).strip().replace(self.folder.as_posix(), ""))
        what, hint = next(
            ((what, hint) for words, what, hint in _FAILURES if re.search(words, said, re.IGNORECASE)),
            (f"git {arguments[0]} failed", "see what git says"),
        )
        raise OutsideError(f"{what}: {said}", where=self.shown, hint=hint)

    def _run(self, *arguments: str) -> str:
        done = self._call(*arguments)
        self._must_have_done(done, arguments[0])
        return _text(done.stdout)

    def _must_have_done(self, done: subprocess.CompletedProcess[bytes], what: str) -> None:
        if done.returncode != 0:
            said = without_secrets(_text(done.stderr).strip())
            raise OutsideError(f"git {what} failed: {said}", where=self.shown, hint="see what git says")

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """One command; git asks for no password, and no hook or repository around it has a say."""
        kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        try:
            return subprocess.run(
                [self._program, *_PLAIN, *arguments],
                cwd=self.folder,
                env={**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:  # names the command, and with it the address
            raise OutsideError(
                f"git {arguments[0]} did not end in {TIMEOUT_S:.0f} s", where=self.shown, hint="try again"
            ) from None


def _text(said: bytes) -> str:
    return said.decode(errors="replace")


_NOBODY = ("-c", "user.name=groma", "-c", "user.email=groma@localhost")
_PLAIN = (
    *("-c", "core.autocrlf=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "commit.gpgsign=false"),
    *("-c", "tag.gpgsign=false"),
)
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_FAILURES = (
    (
        r"fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|already exists",
        "somebody else has pushed in between",
        "repeat: groma builds on what is there now",
    ),
    (
        r"authentication|permission|denied|could not read (username|password)|403|401|publickey",
        "no access",
        "sign in as git does: an SSH key, or a credential helper with a token that may push",
    ),
    (
        r"not found|does not exist|does not appear to be a git repository|no such",
        "there is no such repository",
        "make an empty one first; on GitHub the registry wants the name terraform-aws-<name>",
    ),
    (r"could not resolve|unable to access|timed out|refused", "cannot be reached", "check the address"),
    (r"protected|hook declined", "the repository refuses the push", "let this user push to branch and tags"),
)
"""What git says, in words, and what to do about it; the first that fits counts."""
