"""Have Terraform destroy a stack, whatever became of its root, and leave its cloud."""

from __future__ import annotations

from groma.components import may_be_protected
from groma.live.locks import discarding_the_cloud
from groma.live.remote_state import backend_override
from groma.live.reporting import Reporter
from groma.live.stack import BACKEND_OVERRIDE_FILE, Stack, stacks, tidy, write_at_once
from groma.live.target import EmbeddedTarget, Target, provider_aliases
from groma.live.terraform_cli import Terraform, TerraformFailed
from groma.workload import State


def destroyed(terraform: Terraform, stack: Stack, target: Target, report: Reporter) -> int:
    """Destroy with this target's endpoints and without deletion protection."""
    if not (stack.terraform / "versions.tf").is_file():
        return 0
    root = [path.read_text() for path in stack.terraform.glob("*.tf") if "override" not in path.name]
    stack.allow_destruction(target.overrides(provider_aliases(root)))
    lead_backend(stack, target)
    try:
        terraform.init(reconfigure=stack.state() is not None)
        _lift_protection(terraform, target, report)
        removed = _take_down(terraform, stack, report)
    except TerraformFailed as error:
        if not error.is_of_root:
            raise
        report.step("the root is refused as it stands: what it has made is taken down without it")
        stack.lay_bare()
        terraform.init(reconfigure=stack.state() is not None)
        removed = _take_down(terraform, stack, report)
    target.settle()
    return removed


def _take_down(terraform: Terraform, stack: Stack, report: Reporter) -> int:
    with report.progress(f"Taking down {stack.name}") as on_event:
        return terraform.destroy(on_event).removed


def _lift_protection(terraform: Terraform, target: Target, report: Reporter) -> None:
    """Let AWS delete what it protects; the emulators protect nothing."""
    if target.name == "embedded":
        return
    if protected := [address for address in terraform.state_list() if may_be_protected(address)]:
        with report.progress("Lifting deletion protection") as on_event:
            terraform.apply(on_event, only=protected)


def lead_backend(stack: Stack, target: Target) -> None:
    """Write the override file that the backend needs on this target, or take away that of another."""
    state, path = stack.state(), stack.terraform / BACKEND_OVERRIDE_FILE
    text = backend_override(state, stack.name, target) if state else ""
    if text:
        write_at_once(path, text.encode())
    else:
        path.unlink(missing_ok=True)


def left_state(state: State | None, cloud_stopped: bool) -> str:
    """What became of the bucket that kept the state."""
    if state is None:
        return ""
    if cloud_stopped:
        return f"the state bucket {state.bucket} went with the embedded cloud"
    return f"the state bucket {state.bucket} stays, with the older versions of this stack's state"


def leave(target: Target, stack: Stack, keep_cloud: bool) -> bool:
    """Stop the embedded cloud when this was its last stack; whether it was."""
    stopped = False
    if isinstance(target, EmbeddedTarget) and not keep_cloud:
        with discarding_the_cloud(stack.home) as alone:
            stopped = alone and not any(each.target == "embedded" for each in stacks(stack.home))
            if stopped:
                target.cloud.stop(discard=True)
    tidy(stack.home)
    return stopped
