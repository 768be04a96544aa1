"""The modules as a repository: its examples are those of the READMEs, with what they name beside them."""

from __future__ import annotations

import re

import pytest

from groma.terraform.repository import example, files_beside, module_names, repository

EXAMPLE = """\
module "site" {
  source  = "./modules/site"
  content = "${path.module}/content"
  package = "${path.module}/handler.zip"
}

module "function" {
  source = "./modules/function"
}
"""
MODULES = {
    "modules/site/tests/content/index.html": b"page",
    "modules/site/tests/content/a/b.css": b"style",
    "modules/site/tests/site.tftest.hcl": b"test",
    "modules/function/tests/handler.zip": b"code",
    "modules/other/tests/handler.zip": b"other code",
}


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return repository()


def test_files_beside_an_example_are_those_of_the_modules_that_it_calls() -> None:
    assert files_beside(EXAMPLE, MODULES) == {
        "content/index.html": b"page",
        "content/a/b.css": b"style",
        "handler.zip": b"code",
    }


def test_the_first_module_that_has_a_file_gives_it() -> None:
    both = 'source = "./modules/a"\nsource = "./modules/b"\nfile = "${path.module}/f.zip"\n'
    assert files_beside(both, {"modules/b/tests/f.zip": b"b", "modules/a/tests/f.zip": b"a"}) == {
        "f.zip": b"a"
    }


def test_a_readme_without_an_example_has_none() -> None:
    assert example("# Thing\n\nBy hand.\n") == ""


@pytest.mark.parametrize("name", module_names())
def test_each_example_lies_in_the_repository_with_all_that_it_names(
    name: str, contents: dict[str, bytes]
) -> None:
    text = contents[f"examples/{name}/main.tf"].decode()
    readme = contents[f"modules/{name}/README.md"].decode()
    assert text.replace('"../../modules/', '"./modules/') == example(readme)
    for called in re.findall(r'source = "../../modules/(.*)"', text):
        assert f"modules/{called}/main.tf" in contents
    for named in re.findall(r"\$\{path\.module\}/([\w.-]+)", text):
        assert any(f"{path}/".startswith(f"examples/{name}/{named}/") for path in contents)
        assert f"`{named}" in readme.partition(example(readme))[2], "the README must say what the file is"
