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
def attached(root: Path, given: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Runs the provider that `init` has installed in a root; gives the variable by which Terraform finds it.

    A process serves many runs one after the other, but holds one configuration: so it is for runs that mock
    the provider, which never configure it, and for a root that configures it once.

    Args:
        root: where it is installed.
        given: the environment in which it runs.
    """
    (binary,) = root.glob(".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*")
    registry = binary.relative_to(root / ".terraform/providers").parts[0]
    command = [str(binary.resolve()), "-debug"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, env=dict(given), **quiet) as process:
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
