"""What is done about things that may stand in the cloud and be missing from the state.

Before `up` and `down` change anything the runs that did not end well are settled: with the root as they had
it, so that also what the workload no longer asks for is found. Where names collide although nothing seemed to
be in doubt, or something is left at the end of a `down`, the whole stack is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from groma.live.settling import Settled, forget_imports, take_over
from groma.live.stack import Stack, write_at_once
from groma.live.target import Target, provider_aliases
from groma.live.terraform_cli import ApplySummary, Doubt, Terraform, TerraformFailed, note_settled

_TRIES = 3
WHOLE = Doubt(everything=True, why="all of the stack")
TAKEN = WHOLE.and_all("names are taken that the state does not know")


@dataclass(frozen=True)
class Settler:
    """Settles what is in doubt in one stack.

    Attributes:
        terraform, stack, target: whose.
        say: is told what is done.
    """

    terraform: Terraform
    stack: Stack
    target: Target
    say: Callable[[str], None]

    def settle(self, doubt: Doubt) -> Settled:
        """Take over what is found, with the root as it is prepared now."""
        self.say(f"{doubt.why}: looking in the cloud for what the state does not know")
        settled = take_over(self.terraform, self.target, doubt, self.say)
        self.say(str(settled))
        self.note()
        return settled

    def note(self) -> None:
        """Note that nothing is in doubt."""
        note_settled(self.terraform.directory, self.target.losses())

    def before_change(self, doubt: Doubt) -> Doubt:
        """Settle with the root of the run that is in doubt; what is still in doubt after that."""
        forget_imports(self.terraform.directory)
        if not (self.stack.terraform / "versions.tf").is_file():
            return doubt if self.stack.exists else Doubt()
        if not doubt:
            return doubt
        self.lead_here()
        try:
            self.terraform.init(reconfigure=self.stack.state() is not None)
            self.settle(doubt)
        except TerraformFailed as error:
            if not error.is_of_root:
                raise
            return doubt  # that root cannot be read any more: the next one has to do
        return Doubt()

    def applied(self, apply: Callable[[], ApplySummary]) -> ApplySummary:
        """Apply; where names are taken by the stack's own things, take these over and apply again."""
        for _ in range(_TRIES):
            try:
                return apply()
            except TerraformFailed as error:
                if not error.already_existing or not self.settle(TAKEN).taken:
                    raise
        return apply()

    def lead_here(self) -> None:
        """Write the files that lead the root to this cloud, which may answer elsewhere than it did."""
        root = [path.read_text() for path in self.stack.root_files()]
        for name, text in self.target.overrides(provider_aliases(root)).items():
            if text:
                write_at_once(self.stack.terraform / name, text.encode())
