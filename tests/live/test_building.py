"""`groma build` never writes over what a person has edited."""

from __future__ import annotations

from pathlib import Path

from groma.live.building import LIST, build_into

ONE = {"plan.json": b"{}", "terraform/main.tf": b"# one\n", "terraform/modules/web/main.tf": b"# servers\n"}
TWO = {**ONE, "terraform/main.tf": b"# two\n"}


def files(folder: Path) -> dict[str, bytes]:
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {path: content for path, content in found.items() if path != LIST}


def test_what_nobody_has_touched_is_written_anew(tmp_path: Path) -> None:
    assert build_into(tmp_path, ONE).written == 3
    done = build_into(tmp_path, TWO)
    assert (done.written, done.kept, done.lines()) == (3, (), ())
    assert files(tmp_path) == TWO


def test_what_was_edited_is_kept_and_named_with_the_new_one_beside(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    edited = tmp_path / "terraform" / "main.tf"
    edited.write_bytes(b"# mine\n")
    for _ in range(2):
        done = build_into(tmp_path, TWO)
        assert (done.written, done.kept) == (2, ("terraform/main.tf",))
        assert done.lines()[0].startswith("1 file differs from what groma wrote there, and was kept")
        assert f"  {edited}  (see main.tf.new)" in done.lines()
        beside = {"terraform/main.tf": b"# mine\n", "terraform/main.tf.new": b"# two\n"}
        assert files(tmp_path) == {**TWO, **beside}


def test_what_is_no_longer_edited_is_written_again_and_nothing_lies_beside(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    edited = tmp_path / "terraform" / "main.tf"
    edited.write_bytes(b"# mine\n")
    build_into(tmp_path, TWO)
    edited.write_bytes(b"# one\n")
    assert build_into(tmp_path, TWO).kept == ()
    assert files(tmp_path) == TWO


def test_force_writes_over_it(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    (tmp_path / "terraform" / "main.tf").write_bytes(b"# mine\n")
    assert build_into(tmp_path, TWO, force=True).kept == ()
    assert files(tmp_path) == TWO


def test_what_somebody_put_beside_is_nobody_elses(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    (tmp_path / "plan.json.new").write_bytes(b"notes")
    (tmp_path / "terraform" / "mine.tf").write_bytes(b"# mine\n")
    build_into(tmp_path, TWO)
    assert files(tmp_path)["plan.json.new"] == b"notes"
    assert files(tmp_path)["terraform/mine.tf"] == b"# mine\n"


def test_a_folder_that_an_older_groma_wrote_is_not_written_over_in_silence(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    for spoilt in ("", "no json", "[]"):
        (tmp_path / LIST).write_text(spoilt, encoding="utf-8")
        (tmp_path / "terraform" / "main.tf").write_bytes(b"# one\n")
        assert build_into(tmp_path, TWO).kept == ("terraform/main.tf",)
    assert build_into(tmp_path, {**TWO, "terraform/main.tf": b"# one\n"}).kept == ()


def test_a_part_that_is_written_by_itself_leaves_the_notes_of_the_rest(tmp_path: Path) -> None:
    build_into(tmp_path, ONE)
    part = {"terraform/modules/web/main.tf": b"# other servers\n"}
    assert build_into(tmp_path, part).kept == ()
    assert build_into(tmp_path, TWO).kept == ()
