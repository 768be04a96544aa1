"""What a Terraform root gets, and which variables it has to give."""

from __future__ import annotations

import re

import pytest

from chirp.servers import FILES, files, template


def variables(text: str) -> set[str]:
    """The names in `${…}` that Terraform fills in; `$${…}` is the shell's."""
    return set(re.findall(r"(?<!\$)\$\{(\w+)\}", text))


def test_every_file_lies_below_servers() -> None:
    assert sorted(files()) == sorted(f"servers/{name}" for name in FILES)
    assert all(text == template(path.removeprefix("servers/")) for path, text in files().items())


def test_an_unknown_file_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no server file 'db\.sh'; there are app\.sh\.tftpl, "):
        template("db.sh")


def test_the_web_template_takes_these_variables() -> None:
    expected = {"name", "region", "port", "upstream", "upstream_port", "common"}
    assert variables(template("web.sh.tftpl")) == expected


def test_the_application_template_takes_these_variables() -> None:
    release = {"artifact_bucket", "artifact_key", "artifact_version", "artifact_sha256"}
    expected = {"name", "region", "port", "common"} | release
    text = template("app.sh.tftpl")
    assert variables(text) == expected
    assert "%{ for key, value in settings ~}" in text
