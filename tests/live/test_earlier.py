"""A stack's folder gets back what it held when somebody says no."""

from __future__ import annotations

from pathlib import Path

from groma.live.earlier import Earlier
from groma.live.stack import Stack

ONE = {
    "plan.json": b"{}",
    "terraform/main.tf": b"# one",
    "terraform/site/index.html": b"<p>one",
    "terraform/modules/network/main.tf": b"# a network",
    "terraform/modules/web/main.tf": b"# servers",
}
OTHER = {
    "plan.json": b"[]",
    "report.html": b"<p>",
    "terraform/main.tf": b"# another",
    "terraform/functions/api.zip": b"PK",
    "terraform/modules/network/main.tf": b"# another network",
}


def held(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_everything_that_was_written_anew_is_as_it_was(tmp_path: Path) -> None:
    stack = Stack("chirp", "embedded", tmp_path)
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.keep("name: chirp\n")
    stack.write(ONE, {"groma_override.tf": "# leads here\n"})
    state = stack.terraform / "terraform.tfstate"
    state.write_text("one", encoding="utf-8")
    before, earlier = held(stack.directory), Earlier.of(stack)
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.write(OTHER, {"groma_override.tf": "# elsewhere\n"})
    state.write_text("two", encoding="utf-8")
    assert held(stack.directory).keys() != before.keys()
    earlier.put_back()
    assert held(stack.directory) == {**before, "terraform/terraform.tfstate": b"two"}


def test_of_what_did_not_stand_nothing_is_left_that_looks_as_if_it_stood(tmp_path: Path) -> None:
    stack = Stack("chirp", "embedded", tmp_path)
    earlier = Earlier.of(stack)
    assert earlier.files == {}
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.write(ONE, {})
    earlier.put_back()
    assert not stack.exists
    assert held(stack.directory) == {}
