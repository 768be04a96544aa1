"""A workload as a revision of a git repository has it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from groma.errors import InputError, WorkloadError
from groma.live.revisions import at_revision, provisioned
from groma.live.stack import Stack
from workloads import MINIMAL


def git(folder: Path, *arguments: str) -> None:
    """One command of git, by somebody."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def committed(folder: Path, users: str) -> Path:
    """A repository whose first commit has 50,000 users, its second so many; the file lies in a folder."""
    file = folder / "infra" / "groma.yaml"
    file.parent.mkdir()
    git(folder, "init")
    for text in (MINIMAL, MINIMAL.replace("50_000", users)):
        file.write_text(text, encoding="utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "-m", "another")
    return file


def test_a_revision_has_its_own_text(tmp_path):
    file = committed(tmp_path, "70_000")
    assert at_revision(file, "HEAD~1").users.total == 50_000
    assert at_revision(file, "main").users.total == 70_000
    assert at_revision(file, "HEAD~1").text == MINIMAL


def test_what_is_no_revision_or_has_no_such_file_is_said(tmp_path):
    file = committed(tmp_path, "70_000")
    for wrong in ("nonsense", "--output=x", ""):
        with pytest.raises(InputError, match="neither a file nor a revision"):
            at_revision(file, wrong)
    with pytest.raises(InputError, match="has no such file"):
        at_revision(file.with_name("other.yaml"), "HEAD")
    outside = tmp_path / "outside"
    outside.mkdir()
    with pytest.raises(InputError, match="neither a file nor a revision"):
        at_revision(outside.parent / "none" / "groma.yaml", "HEAD")


def test_a_mistake_in_an_older_file_is_told_with_its_revision(tmp_path):
    file = committed(tmp_path, "-3")
    with pytest.raises(WorkloadError, match=r"HEAD:.*groma\.yaml:3"):
        at_revision(file, "HEAD")


def test_the_price_book_of_that_revision_comes_along(tmp_path):
    file = committed(tmp_path, "60_000")
    book = "what,service,key,region,purchase,value,date\ndiscount,ec2,,,,12,2026-11-01\n"
    (file.parent / "prices.csv").write_text(book, encoding="utf-8")
    file.write_text(f"{MINIMAL}price_book: prices.csv\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "a discount")
    (file.parent / "prices.csv").unlink()
    assert at_revision(file, "HEAD").book.name == "prices.csv"


def test_a_stack_that_does_not_stand_has_no_workload(tmp_path):
    with pytest.raises(InputError, match="nothing of it is provisioned"):
        provisioned(Stack("chirp", "embedded", tmp_path), tmp_path / "groma.yaml")


def test_a_stack_has_the_workload_that_it_was_provisioned_from(tmp_path):
    stack = Stack("chirp", "embedded", tmp_path)
    stack.directory.mkdir(parents=True)
    stack.keep(MINIMAL.replace("50_000", "60_000"))
    assert provisioned(stack, tmp_path / "groma.yaml").users.total == 60_000
