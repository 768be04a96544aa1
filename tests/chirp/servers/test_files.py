"""What a Terraform root gets, and which variables it has to give."""

from __future__ import annotations

import re

from chirp.shipping.boot import boot_files


def variables(text: str) -> set[str]:
    """The names in `${…}` that Terraform fills in; `$${…}` is the shell's."""
    return set(re.findall(r"(?<!\$)\$\{(\w+)\}", text))


def test_the_web_template_takes_these_variables() -> None:
    expected = {"name", "region", "port", "upstream", "upstream_port", "common"}
    assert variables(boot_files()["web.sh.tftpl"]) == expected


def test_the_application_template_takes_these_variables() -> None:
    release = {"artifact_bucket", "artifact_key", "artifact_version", "artifact_sha256"}
    expected = {"name", "region", "port", "common"} | release
    text = boot_files()["app.sh.tftpl"]
    assert variables(text) == expected
    assert "%{ for key, value in settings ~}" in text
