"""Every role of every module gets the boundary, and loses it again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groma.design import design
from groma.errors import InputError
from groma.live.bounded import FILE, bounded, check_one_boundary
from groma.live.stack import Stack
from groma.report.documents import documents
from groma.workload import load
from workloads import ROOT

ARN = "arn:aws:iam::123456789012:policy/chirp-boundary"
MODULES = ROOT / "src" / "groma" / "terraform" / "modules"


def test_another_boundary_than_the_files_is_refused() -> None:
    own = "arn:aws:iam::123456789012:policy/own"
    for stated in (None, own):
        check_one_boundary(own, stated, "groma.yaml:4: boundary")
    with pytest.raises(InputError, match=r"the file asks for .*, and --boundary for"):
        check_one_boundary(own, f"{own}-other", "groma.yaml:4: boundary")


def test_each_role_of_each_module() -> None:
    texts = {
        f"terraform/modules/{path.relative_to(MODULES)}": path.read_bytes() for path in MODULES.rglob("*.tf")
    }
    roles = {
        (path.rpartition("/")[0], name)
        for path, content in texts.items()
        for name in re.findall(r'resource\s+"aws_iam_role"\s+"(\w+)"', content.decode())
    }
    assert len(roles) > 6
    found = {
        (path.rpartition("/")[0], name)
        for path, content in bounded(texts, ARN).items()
        for name in re.findall(
            r'resource "aws_iam_role" "(\w+)" \{\n  permissions_boundary = "', content.decode()
        )
    }
    assert found == roles


def test_a_stack_that_is_no_longer_bounded_has_no_such_file(tmp_path: Path) -> None:
    made = documents(design(load(ROOT / "examples" / "starter.yaml")))
    stack = Stack("first", "embedded", tmp_path)
    stack.write(made, {})
    stack.bound(bounded(made, ARN))
    files = sorted(stack.terraform.glob(f"modules/*/{FILE}"))
    assert [path.parent.name for path in files] == ["starter"]
    assert f'permissions_boundary = "{ARN}"' in files[0].read_text()
    stack.bound({})
    assert list(stack.terraform.glob(f"modules/*/{FILE}")) == []
