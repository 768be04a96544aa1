"""One process of the AWS provider for many runs of Terraform, which otherwise starts one for each `run`."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_ANNOUNCED = re.compile(r"TF_REATTACH_PROVIDERS='(\{.*\})'")


@contextmanager
def attached(root: Path) -> Iterator[Mapping[str, str]]:
    """The environment in which Terraform finds the provider that `init` has installed in a root, running.

    A process serves many runs one after the other, but holds one configuration: so it is for runs that mock
    the provider, which never configure it.
    """
    (binary,) = root.glob(".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*")
    registry = binary.relative_to(root / ".terraform/providers").parts[0]
    command = [str(binary.resolve()), "-debug"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield {"TF_REATTACH_PROVIDERS": json.dumps({f"{registry}/hashicorp/aws": _announced(process)})}
        finally:
            process.kill()


def _announced(process: subprocess.Popen[str]) -> object:
    """How the provider says that it is reached; it says so as soon as it serves."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := _ANNOUNCED.search(line):
            (address,) = json.loads(found[1]).values()
            return address
    raise AssertionError("the provider ended before it served")
