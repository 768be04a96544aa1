"""What `groma mail` finds in a mailbox, and how a mail is shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groma.cli.app import app
from groma.errors import CloudError, InputError
from groma.live.embedded.mailbox import FOLDER, Post, files, put
from groma.live.mails import let_pass, mails

AT = datetime(2026, 11, 28, 3, 0, 7, tzinfo=UTC)
TEXT = """\
You are receiving this email because your Amazon CloudWatch Alarm "chirp-web-cpu" in the region has entered.

- Name:                       chirp-web-cpu
- Description:                the servers are too busy, and people wait; look at the number of servers first
- Alarm Arn:                  arn:aws:cloudwatch:us-east-1:123456789012:alarm:chirp-web-cpu-on-the-first-floor
"""


def fill(folder: Path, *topics: str) -> None:
    for number, topic in enumerate(topics, 1):
        arn = f"arn:aws:sns:us-east-1:123456789012:{topic}"
        subject = f'ALARM: "a{number}" in US East (N. Virginia)'
        put(folder, Post("ops@example.com", subject, TEXT, arn, f"{arn}:s", f"{number:08}-id", AT))


def test_a_stack_is_shown_what_its_own_topics_wrote(tmp_path: Path) -> None:
    fill(tmp_path / FOLDER, "chirp-alarms", "chirp-serverless-alarms", "chirp-use1-alarms", "chirp-posts")
    assert [each.number for each in mails("chirp", tmp_path).mails] == [1, 3]
    assert [each.number for each in mails("chirp-serverless", tmp_path).mails] == [2]


def test_numbers_go_on_after_a_mail_was_deleted(tmp_path: Path) -> None:
    fill(tmp_path, "one", "two")
    files(tmp_path)[0].unlink()
    fill(tmp_path, "three")
    assert [path.name for path in files(tmp_path)] == ["000002-00000002.eml", "000003-00000001.eml"]


def test_a_mail_is_shown_at_80_columns_with_values_below_each_other(tmp_path: Path) -> None:
    fill(tmp_path / FOLDER, "chirp-alarms")
    lines = mails("chirp", tmp_path).numbered(1).words().lines
    assert lines[2:4] == (
        "Date:     2026-11-28 03:00:07 UTC",
        'Subject:  ALARM: "a1" in US East (N. Virginia)',
    )
    assert "- Description:                the servers are too busy, and people wait; look at" in lines
    assert " " * 30 + "the number of servers first" in lines
    assert [line for line in lines if len(line) > 80 and "arn:" not in line] == []


def test_a_number_that_there_is_not_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    fill(tmp_path / FOLDER, "chirp-alarms", "chirp-alarms")
    with pytest.raises(InputError, match="there is no mail 7 for chirp") as refused:
        mails("chirp", tmp_path).numbered(7)
    assert refused.value.hint == "there are 1, 2"


def test_the_command_lists_and_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("groma.yaml").write_text("name: chirp\n")
    assert "no mail for chirp" in CliRunner().invoke(app, ["mail"]).stdout
    fill(tmp_path / ".groma" / "cloud" / FOLDER, "chirp-alarms")
    listed = CliRunner().invoke(app, ["mail"]).stdout
    assert '1  2026-11-28 03:00:07  ops@example.com  ALARM: "a1" in US East (N. Virginia)' in listed
    document = json.loads(CliRunner().invoke(app, ["mail", "--show", "1", "--json"]).stdout)
    assert (document["number"], document["text"]) == (1, TEXT.rstrip("\n"))


@pytest.mark.parametrize(
    ("time", "said"), [("soon", "'soon' is no duration"), ("8d", "at most 7d pass at once")]
)
def test_a_time_that_cannot_pass_is_refused(tmp_path: Path, time: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        let_pass(time, tmp_path)


def test_time_passes_only_for_a_cloud_that_runs(tmp_path: Path) -> None:
    with pytest.raises(CloudError, match="does not run"):
        let_pass("20m", tmp_path / "cloud")
