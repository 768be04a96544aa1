from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import hcl2
import pytest

from groma.answers import ModuleCall, Ref, Template
from groma.application.layout import archives
from groma.application.sample import built_in
from groma.components.operations import EncryptionKey
from groma.terraform import module_calls, render
from groma.terraform.hcl import block, expression


@pytest.fixture(scope="module")
def rendered(designed) -> dict[str, str]:
    return render(designed.architecture)


@pytest.fixture(scope="module")
def on_disk(rendered, tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("root")
    for path, text in rendered.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path, data in archives(built_in(), rendered["main.tf"]).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def test_the_root_only_calls_modules(rendered):
    assert set(hcl2.loads(rendered["main.tf"])) <= {"module", "__comments__"}
    for file in ("alarms.tf", "vars.tf", "outputs.tf", "versions.tf"):
        assert "resource" not in hcl2.loads(rendered[file])


def test_the_server_tier_is_one_module_used_twice(designed):
    calls = module_calls(designed.architecture).values()
    assert sorted(call.name for call in calls if call.module == "server-tier") == ["app", "web"]


def test_only_modules_that_are_called_are_delivered(rendered, designed):
    delivered = {path.split("/")[1] for path in rendered if path.startswith("modules/")}
    called = {call.module for call in module_calls(designed.architecture).values()}
    assert delivered == called | {"site-content", "security-headers"}, "the module cdn calls these two"


def test_every_module_is_delivered_whole(rendered):
    for module in {path.split("/")[1] for path in rendered if path.startswith("modules/")}:
        files = {path.split("/")[-1] for path in rendered if path.startswith(f"modules/{module}/")}
        assert {"main.tf", "vars.tf", "outputs.tf", "versions.tf", "README.md"} <= files


def test_arguments_are_those_that_the_modules_declare(designed, rendered):
    for call in module_calls(designed.architecture).values():
        variables = hcl2.loads(rendered[f"modules/{call.module}/vars.tf"])["variable"]
        declared = {name.strip('"'): body for entry in variables for name, body in entry.items()}
        required = {name for name, body in declared.items() if "default" not in body}
        assert required <= set(call.arguments) <= set(declared), call.name


def test_two_values_for_one_argument_are_refused(designed):
    class Other(EncryptionKey):
        def module(self, architecture):
            return ModuleCall("key", "key", {"name": "another"})

    clash = Other(id="other-key", places=("region",))
    with pytest.raises(ValueError, match=r"module\.key\.name is both"):
        module_calls(replace(designed.architecture, components=(*designed.architecture.components, clash)))


def test_nothing_in_a_string_is_interpolated():
    assert expression("${x} %{if}") == '"$${x} %%{if}"'
    assert expression('say "hi"\n') == '"say \\"hi\\"\\n"'


def test_values_are_written_as_hcl():
    assert expression(Ref("module.a.b")) == "module.a.b"
    assert expression([1, True, None, "x"]) == '[1, true, null, "x"]'
    assert expression({"a": 1}) == "{ a = 1 }"
    assert expression({}) == "{}"
    assert expression(Template("f.tftpl", {"a": 1})) == 'templatefile("${path.module}/f.tftpl", { a = 1 })'
    assert block('module "m"', {"a": 1, "longer": 2}) == 'module "m" {\n  a      = 1\n  longer = 2\n}\n'


@pytest.mark.slow
def test_it_is_formatted_as_terraform_would(on_disk):
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "-recursive", str(on_disk)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_terraform_accepts_it(on_disk):
    for arguments in (["init", "-backend=false", "-input=false"], ["validate"]):
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"], cwd=on_disk, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
