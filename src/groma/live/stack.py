"""The directory of one stack on one target: its documents, its Terraform root, its state.

.groma/
  cloud/                     the embedded cloud
  chirp/embedded/            a stack on a target
    stack.json               where it stands
    workload.yaml            what it was provisioned from
    written.json             which files are Groma's
    plan.json  bill.csv  diagram.svg  diagram.png
    terraform/               root, modules, state, logs
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groma.errors import InputError, OutsideError
from groma.files import FULL, NO_ROOM
from groma.live.bounded import FILE as BOUNDARY_FILE
from groma.live.locks import held
from groma.live.written import LIST, keep_clean, noted
from groma.workload import State

if TYPE_CHECKING:
    from groma.live.target import TargetName

HOME = Path(".groma")
BACKEND_OVERRIDE_FILE = "groma_backend_override.tf"
"""Where Terraform finds a state that lies in a bucket of the embedded cloud."""
RECORD = "stack.json"
WORKLOAD = "workload.yaml"
"""The workload that the stack was provisioned from, for who has lost or changed the file."""
KEPT = "kept_providers.tf"
"""Of a root: providers of regions in which its state holds something, and it designs nothing any more."""
BARE = frozenset({"versions.tf", "vars.tf", KEPT})
"""What of a root suffices to take down what its state holds: providers and variables."""


@dataclass(frozen=True)
class Stack:
    """One stack on one target, below a home directory."""

    name: str
    target: TargetName
    home: Path = HOME

    @property
    def directory(self) -> Path:
        """Everything of this stack."""
        return self.home / self.name / self.target

    @property
    def terraform(self) -> Path:
        """The Terraform root with its state."""
        return self.directory / "terraform"

    def root_files(self) -> list[Path]:
        """The files of Terraform's root, but for those that fit it to its target."""
        return [path for path in self.terraform.glob("*.tf") if "override" not in path.name]

    @property
    def exists(self) -> bool:
        """Whether something may be deployed: the root has been written."""
        return (self.directory / RECORD).is_file()

    @contextmanager
    def held(self, *, alone: bool = True) -> Iterator[None]:
        """Hold the stack against a second groma that changes it; a killed groma holds nothing.

        Without `alone` others may do so, too, who only look.

        Raises:
            OutsideError: another groma is at work on it.
        """
        lock = self.home / f"{self.name}-{self.target}.lock"
        with held(lock, "another groma is at work on this stack", self.directory, alone=alone):
            yield

    def write(self, documents: Mapping[str, bytes], overrides: Mapping[str, str]) -> None:
        """Write all documents, each at once or not at all, and take away modules no longer called.

        Args:
            documents: path → content.
            overrides: what fits the root to its target, by name; one without text is taken away.

        Raises:
            InputError: a file lies there that Terraform would read and Groma has not written.
        """
        (self.terraform / KEPT).unlink(missing_ok=True)
        keep_clean(self.directory, documents, {*overrides, BOUNDARY_FILE, BACKEND_OVERRIDE_FILE})
        for path, content in documents.items():
            write_at_once(self.directory / path, content)
        write_at_once(self.directory / LIST, noted(documents))
        wanted = {Path(path).parts[2] for path in documents if path.startswith("terraform/modules/")}
        for folder in (self.terraform / "modules").iterdir():
            if folder.name not in wanted and folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder)
        for name, text in overrides.items():
            if text:
                write_at_once(self.terraform / name, text.encode())
            else:
                (self.terraform / name).unlink(missing_ok=True)

    def bound(self, overrides: Mapping[str, bytes]) -> None:
        """Write the files that give the stack's roles a boundary, and take away those of an earlier one."""
        for path in self.terraform.glob(f"modules/*/{BOUNDARY_FILE}"):
            path.unlink()
        for name, content in overrides.items():
            write_at_once(self.directory / name, content)

    def allow_destruction(self, overrides: Mapping[str, str]) -> None:
        """Lift deletion protection in the root, whatever target it was written for."""
        unprotected = 'variable "deletion_protection" {\n  default = false\n}\n'
        for name, text in overrides.items():
            if text or name.endswith(".tf"):
                write_at_once(self.terraform / name, (text or unprotected).encode())

    def remember(
        self,
        regions: Sequence[str],
        blueprint: str,
        account: str,
        state: State | None = None,
        *,
        standby: str = "",
    ) -> None:
        """Note what the stack is made from; refuse to turn it into something that would strand resources.

        Args:
            regions: where anything of it stands, the home region first; further ones may be added later.
            blueprint: its kind.
            account: the account's number.
            state: the bucket that keeps Terraform's state; None when it lies beside the root.
            standby: which of the regions stands by; it may go again, and is looked through all the same.

        Raises:
            InputError: the stack stands in another account or in regions that are not among these, is of
                another blueprint, or its state is kept elsewhere.
        """
        before = self.record()
        standbys = list(dict.fromkeys((*before.get("standbys", ()), *([standby] if standby else []))))
        regions = list(dict.fromkeys((*regions, *standbys)))
        record: dict[str, Any] = {"account": account, "region": regions[0], "blueprint": blueprint}
        if len(regions) > 1:
            record["regions"] = regions
        if standbys:
            record["standbys"] = standbys
        if state is not None:
            record |= {"state_bucket": state.bucket, "state_region": state.region}
        if before and self.state() != state:
            raise InputError(
                f"the state of {self.name} is kept {_kept(self.state())}, not {_kept(state)}",
                where=str(self.directory / RECORD),
                hint="take it down first with `groma down`; its state is not moved",
            )
        if before and (
            _without_regions(before) != _without_regions(record) or set(self.regions()) - set(regions)
        ):
            raise InputError(
                f"{self.name} stands as {before['blueprint']} in {', '.join(self.regions())}, account "
                f"{before['account']}, not as {blueprint} in {', '.join(regions)}, account {account}",
                where=str(self.directory / RECORD),
                hint="take it down first with `groma down`, or give the workload another name",
            )
        write_at_once(self.directory / RECORD, json.dumps(record).encode())

    def keep(self, workload: str) -> None:
        """Keep the text of the workload that is provisioned."""
        write_at_once(self.directory / WORKLOAD, workload.encode())

    @property
    def workload(self) -> Path | None:
        """The workload that was provisioned; None where an older Groma kept none."""
        path = self.directory / WORKLOAD
        return path if path.is_file() and path.stat().st_size else None

    def lay_bare(self) -> None:
        """Take the calls of modules out of the root, so that Terraform destroys what its state holds.

        A root that a module refuses cannot be destroyed as it stands: its variables are validated again.
        """
        for path in self.terraform.glob("*.tf"):
            if path.name not in BARE and "override" not in path.name:
                path.unlink()

    def record(self) -> dict[str, Any]:
        """The account, region and blueprint that the stack was made from; empty when there is none.

        Raises:
            InputError: it is damaged.
        """
        path = self.directory / RECORD
        if not path.is_file():
            return {}
        try:
            record = json.loads(path.read_text())
        except ValueError:
            record = None
        if not _is_record(record):
            raise InputError(
                f"the record of {self.name} is damaged",
                where=str(path),
                hint="`groma adopt` writes it anew, from the workload and from what it finds in the cloud",
            )
        return dict(record)

    def forget_damage(self) -> None:
        """Take away a record that cannot be read."""
        try:
            self.record()
        except InputError:
            (self.directory / RECORD).unlink()

    def regions(self) -> tuple[str, ...]:
        """Where anything of the stack stands, as recorded, the home region first."""
        record = self.record()
        return tuple(record.get("regions") or [record["region"]])

    def state(self) -> State | None:
        """The bucket that keeps Terraform's state, as recorded; None when it lies beside the root."""
        record = self.record()
        bucket = record.get("state_bucket")
        return State(bucket=bucket, region=record["state_region"]) if bucket else None

    def must_be_in(self, account: str) -> None:
        """Refuse to look for the stack in another account, where it would seem to be gone.

        Raises:
            InputError: the stack does not stand at all, or stands in another account.
        """
        before = self.record()
        if not before:
            raise InputError(
                f"nothing of {self.name} is provisioned on {self.target}",
                where=str(self.directory.resolve()),
                hint="provision it with `groma up`, or go to the folder in which you did",
            )
        if before["account"] != account:
            raise InputError(
                f"{self.name} stands in account {before['account']}, "
                f"and the credentials are those of {account}",
                where=str(self.directory / RECORD),
                hint="use the other account's credentials (AWS_PROFILE)",
            )

    def must_have_terraform(self) -> None:
        """Refuse to look at the stack by files that are gone.

        Raises:
            InputError: its folder of Terraform holds no configuration.
        """
        if not any(self.terraform.glob("*.tf")):
            raise InputError(
                f"{self.name} is provisioned on {self.target}, and its Terraform is gone",
                where=str(self.terraform),
                hint="`groma adopt` finds the stack in its cloud again, and writes its files anew",
            )

    def forget(self) -> None:
        """Remove the stack's directory, and its parent when no other target has one."""
        shutil.rmtree(self.directory, ignore_errors=True)
        if self.directory.parent.is_dir() and not any(self.directory.parent.iterdir()):
            self.directory.parent.rmdir()
        (self.home / f"{self.name}-{self.target}.lock").unlink(missing_ok=True)


def _is_record(record: object) -> bool:
    if not isinstance(record, dict):
        return False
    named = all(isinstance(record.get(key), str) for key in ("account", "region", "blueprint"))
    lists, bucket = (record.get("regions", []), record.get("standbys", [])), record.get("state_bucket")
    return (
        named
        and all(isinstance(each, list) for each in lists)
        and all(isinstance(region, str) for each in lists for region in each)
        and (bucket is None or isinstance(record.get("state_region"), str))
    )


def _without_regions(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record but for its further regions."""
    return {key: value for key, value in record.items() if key not in ("regions", "standbys")}


def _kept(state: State | None) -> str:
    return f"in the bucket {state.bucket} in {state.region}" if state else "beside its root"


def tidy(home: Path = HOME) -> None:
    """Remove a home directory in which nothing is left."""
    with suppress(OSError):
        home.rmdir()


def stacks(home: Path = HOME) -> tuple[Stack, ...]:
    """All stacks below a home directory."""
    records = sorted(home.glob(f"*/*/{RECORD}"))
    return tuple(Stack(r.parent.parent.name, _target(r.parent.name), home) for r in records)


def _target(name: str) -> TargetName:
    return "aws" if name == "aws" else "embedded"


def write_at_once(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, never half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        hint = NO_ROOM if error.errno in FULL else ""
        raise OutsideError(f"cannot be written: {error.strerror}", where=str(path), hint=hint) from error
