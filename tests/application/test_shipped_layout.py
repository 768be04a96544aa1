"""Where what an application ships lies below a Terraform root, for an application that is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.application import Archives, Function, Http, PortableApplication
from groma.application.layout import (
    FUNCTIONS_ARCHIVE,
    SERVER_ARCHIVE,
    SITE_CONTENT,
    archives,
    boot_files,
    function_archive,
)
from groma.application.sample import built_in


@pytest.fixture
def application() -> PortableApplication:
    plain = Function("plain", "Answers.", "m.plain", Http(), 128, 1, {}, ())
    native = replace(plain, name="native", native=("library",))
    shipped = Archives(
        boot=lambda: {"app.sh.tftpl": "app", "common.sh": "common", "web.sh.tftpl": "web"},
        release=lambda: b"release",
        pages=lambda: {"index.html": b"page"},
        functions=lambda: b"all",
        function=lambda function: f"{function.name} compiled".encode(),
    )
    return replace(built_in(), functions={"plain": plain, "native": native}, shipped=shipped)


def test_a_root_gets_what_it_names(application: PortableApplication) -> None:
    assert archives(application, 'file = "${path.module}/servers/other.zip"') == {}
    assert archives(application, SERVER_ARCHIVE) == {SERVER_ARCHIVE: b"release"}
    assert archives(application, f"content = {SITE_CONTENT}") == {"site/index.html": b"page"}


def test_a_function_with_a_compiled_library_has_an_archive_of_its_own(
    application: PortableApplication,
) -> None:
    own = function_archive("native", native=True)
    assert function_archive("plain", native=False) == FUNCTIONS_ARCHIVE
    assert archives(application, FUNCTIONS_ARCHIVE) == {FUNCTIONS_ARCHIVE: b"all", own: b"all"}
    found = archives(application, FUNCTIONS_ARCHIVE, native=True)
    assert found == {FUNCTIONS_ARCHIVE: b"all", own: b"native compiled"}


def test_what_servers_boot_with_lies_in_a_directory_of_its_own(application: PortableApplication) -> None:
    assert boot_files(application) == {
        "servers/app.sh.tftpl": "app",
        "servers/common.sh": "common",
        "servers/web.sh.tftpl": "web",
    }
