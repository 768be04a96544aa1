"""Whole lives in the embedded cloud: planned, built, provisioned, looked at, planned again, taken down.

Run `make lives` (or `python tests/living.py five-lines mysql` for some of them): each life has a folder and a
cloud of its own. It is a success when all that is verified is as designed, a second plan by Terraform's own
command is empty, and nothing of the stack is left in the end. `--upgrade-from HEAD~1` lets an earlier commit
of Groma make the stack, which is then to replan empty under this one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from groma.design import design
from groma.live.leftovers import leftovers, names_in
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.toolchain import ensure_engine
from groma.workload import Workload, load
from workloads import ROOT

FIVE_LINES = """\
name: shop
blueprint: three-tier
users: {total: 200_000}
profile: web-shop
application: {image: acme/shop:1.4, port: 8000, health: /up}
"""
CONTAINERS = FIVE_LINES.replace("three-tier", "containers")
ON_X86 = "machines: {architecture: x86}\n"
CLUSTER = "database: {engine: aurora-postgresql, replicas: 2}\n"
EXISTING_VPC = """\
network: {vpc: vpc-0a1b2c3d4e5f60718, public_tags: {tier: public}, private_tags: {tier: private}}
"""
EXISTING_DATABASE = "database: {existing: {secret: prod/shop/db, port: 6432}}\n"
CACHE = "database: {cache: true}\n"
COPIES = "database: {backups_copied_to: us-west-2}\n"
SAMPLE = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
domain: chirp.example.com
"""
STANDBY = "standby: us-west-2\n"
ENVIRONMENTS = "environments: {staging: {users: {total: 500}}, production: {}}\n"

LIVES: Mapping[str, str] = {
    "five-lines": FIVE_LINES,
    "five-lines-x86": FIVE_LINES + ON_X86,
    "five-lines-mysql": FIVE_LINES + "database: {engine: mysql}\n",
    "five-lines-three-zones": FIVE_LINES + "network: {zones: 3}\n",
    "five-lines-existing-vpc": FIVE_LINES + EXISTING_VPC,
    "five-lines-existing-database": FIVE_LINES + EXISTING_DATABASE,
    "five-lines-copies": FIVE_LINES + COPIES,
    "five-lines-cache": FIVE_LINES + CACHE,
    "five-lines-cluster": FIVE_LINES + CLUSTER,
    "standby": SAMPLE + STANDBY,
    "five-lines-environments": FIVE_LINES + ENVIRONMENTS,
    "containers": CONTAINERS,
    "containers-x86": CONTAINERS + ON_X86,
    "containers-three-zones": CONTAINERS + "network: {zones: 3}\n",
    "containers-existing-vpc": CONTAINERS + EXISTING_VPC,
    "containers-existing-database": CONTAINERS + EXISTING_DATABASE,
    "containers-cache-and-traces": CONTAINERS + CACHE + "traced_share: 0.01\n",
    "containers-cluster": CONTAINERS + CLUSTER,
    "containers-environments": CONTAINERS + ENVIRONMENTS,
    **{
        name: (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
        for name in ("shop", "shop-containers", "social-50k", "social-serverless", "starter")
    },
}
"""What is lived: the text of a workload file."""
LATER: Mapping[str, tuple[str, ...]] = {
    "five-lines-cache": (FIVE_LINES,),
    "five-lines-copies": (FIVE_LINES + COPIES.replace("us-west-2", "us-east-2"), FIVE_LINES),
    "standby": (SAMPLE, SAMPLE + STANDBY),
}
"""What becomes of the file while the stack stands, one text after the other."""
PATIENCE_S = 1800.0
FEWEST = 20
"""Findings: with fewer there would be something amiss with the verification."""
UNCONFIRMED = "subscription"
"""How the findings end that wait for somebody who confirms a mail."""


class Fault(Exception):
    """A life that did not go as it should, and where."""


@dataclass(frozen=True)
class Lived:
    """One stack in its folder, of one environment of the file.

    Attributes:
        source: where the Groma lies that does it.
    """

    folder: Path
    environment: str = ""
    source: Path = ROOT / "src"

    @property
    def workload(self) -> Workload:
        """What is provisioned."""
        return load(self.folder / "groma.yaml", self.environment)

    @property
    def target(self) -> EmbeddedTarget:
        """Its cloud."""
        return EmbeddedTarget(self.folder / ".groma" / "cloud")

    @property
    def root(self) -> Path:
        """Terraform's root."""
        return Stack(self.workload.name, "embedded", self.folder / ".groma").terraform

    def groma(self, *arguments: str, code: int = 0, said_wrong: bool = False) -> str:
        """What a command of Groma prints, or what it says is wrong. Raises Fault where it ends with another
        code.
        """
        of = ["--env", self.environment] if self.environment else []
        done = subprocess.run(
            [sys.executable, "-m", "groma.cli", *arguments, *of],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.source)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode != code:
            end = " | ".join((done.stdout + done.stderr).strip().splitlines()[-8:])
            raise Fault(f"groma {' '.join(arguments)} ended with {done.returncode}: {end}")
        return done.stderr if said_wrong else done.stdout

    def up(self) -> tuple[int, int]:
        """Provision it; how many things were verified, and how many resources were changed.

        Raises Fault where something is not as designed.
        """
        done = json.loads(self.groma("up", "--yes", "--json"))
        self.judge(done["findings"])
        return len(done["findings"]), sum(done[each] for each in ("added", "changed", "removed"))

    @staticmethod
    def judge(findings: list[Mapping[str, object]]) -> None:
        """Raises Fault where something is not as designed, or in doubt but for mails nobody confirms."""
        wrong = [each for each in findings if not each["ok"] and not str(each["id"]).endswith(UNCONFIRMED)]
        if wrong or len(findings) < FEWEST:
            raise Fault(f"of {len(findings)} findings these are not as designed: {wrong}")

    def replan(self) -> None:
        """A second plan, by hand. Raises Fault where it is not empty."""
        command = [str(ensure_engine().path), "plan", "-detailed-exitcode", "-no-color", "-input=false"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Fault(f"a second plan is not empty: {(done.stdout + done.stderr)[-3000:]}")

    def names(self) -> frozenset[tuple[str, str]]:
        """Type and name of all that it consists of, by Terraform's state."""
        return names_in(json.loads((self.root / "terraform.tfstate").read_text(encoding="utf-8")))

    def arns(self) -> frozenset[str]:
        """The ARNs of all that it consists of, but for the policies that AWS manages."""
        arns = (name for _, name in self.names() if name.startswith("arn:"))
        return frozenset(arn for arn in arns if ":aws:policy/" not in arn)

    def down(self) -> None:
        """Take it down. Raises Fault where something of it is left."""
        name, regions, names, root = self.workload.name, self.workload.regions, self.names(), self.root
        self.groma("down", "--yes", "--keep-cloud")
        (target := self.target).open()
        left = leftovers(name, names, regions, target)
        if left or root.exists():
            raise Fault(f"left over: {left or root}")


def lived(
    folder: Path,
    text: str,
    earlier: Path | None,
    later: Sequence[str] = (),
    afterwards: Callable[[Lived], None] | None = None,
) -> str:
    """One life in a folder, by an earlier Groma at first if there is one; what was seen. Raises Fault.

    Args:
        later: texts that the file has after the first, each while the stack stands.
        afterwards: what happens to it in the end.
    """
    (folder / "groma.yaml").write_text(text, encoding="utf-8")
    if "environments:" in text:
        return _side_by_side(Lived(folder, "staging"), Lived(folder, "production"), earlier)
    stack = Lived(folder)
    began = time.monotonic()
    stack.groma("plan")
    planned_s = time.monotonic() - began
    stack.groma("build")
    seen = _stood_up(stack, earlier)
    stack.replan()
    for changed in later:
        (folder / "groma.yaml").write_text(changed, encoding="utf-8")
        stack.up()
        stack.replan()
    if afterwards is not None:
        afterwards(stack)
    stack.down()
    return f"planned in {planned_s:.1f} s; {seen} things verified"


def _stood_up(stack: Lived, earlier: Path | None) -> int:
    """Provision it, where there is an earlier Groma by that, which this one then changes nothing of."""
    if earlier is None:
        return stack.up()[0]
    replace(stack, source=earlier).up()
    seen, changed = stack.up()
    if changed:
        raise Fault(f"{changed} resources of the earlier stack were changed: {stack.root}")
    return seen


def _promoted(stack: Lived) -> None:
    """Its standby's database is promoted, and given up again. Raises Fault where anything of the stack is
    changed meanwhile, or that is not told, or it is not mended in the end.
    """
    (target := stack.target).open()
    (part,) = (each for each in design(stack.workload, reasons=False).architecture.parts if each.scope)
    rds, name = target.client("rds", part.scope), f"{part.architecture.name}-database-master"
    rds.promote_read_replica(DBInstanceIdentifier=name, BackupRetentionPeriod=7)
    if "was promoted" not in stack.groma("up", "--yes", code=2, said_wrong=True):
        raise Fault("`groma up` did not refuse to change a stack whose standby's database was promoted")
    told = json.loads(stack.groma("verify", "--json", code=1))
    wrong = [each["id"] for each in told if not each["ok"] and not each["id"].endswith(UNCONFIRMED)]
    if not wrong or any(not each.startswith(f"{part.scope}/") for each in wrong):
        raise Fault(f"of a promoted database is told {wrong}")
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    stack.up()
    stack.replan()


AFTERWARDS: Mapping[str, Callable[[Lived], None]] = {"standby": _promoted}
"""What happens to the stack before it is taken down."""


def _side_by_side(one: Lived, other: Lived, earlier: Path | None) -> str:
    """Two environments of one file: nothing has the same name, and one goes while the other stays."""
    seen = [_stood_up(each, earlier) for each in (one, other)]
    common = one.arns() & other.arns()
    if common or not one.arns():
        raise Fault(f"both have {sorted(common)}")
    one.groma("diff", "--against", other.environment, code=1)
    for each in (one, other):
        each.replan()
    one.down()
    other.judge(json.loads(other.groma("verify", "--json")))
    other.replan()
    other.down()
    return f"{' and '.join(map(str, seen))} things verified, none in both"


@contextmanager
def at(revision: str) -> Iterator[Path | None]:
    """Groma as it was at a commit, if one is named."""
    if not revision:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="groma-earlier-") as folder:
        packed = subprocess.run(
            ["git", "archive", revision, "src"], cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        yield Path(folder) / "src"


def main() -> None:
    """Live what is asked for, one after the other; exit code 1 where one did not go well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lives", nargs="*", choices=[[], *LIVES], help="which; else all")
    parser.add_argument("--upgrade-from", default="", metavar="REV", help="the commit that makes the stack")
    asked = parser.parse_args()
    bad = 0
    with at(asked.upgrade_from) as earlier:
        for name in asked.lives or LIVES:
            folder, began, fault = Path(tempfile.mkdtemp(prefix="groma-life-")), time.monotonic(), ""
            try:
                told = lived(folder, LIVES[name], earlier, LATER.get(name, ()), AFTERWARDS.get(name))
            except Fault as error:
                bad, fault = bad + 1, str(error)
            finally:
                Lived(folder).target.cloud.stop(discard=True)
            told = f"bad: {fault} (in {folder})" if fault else f"good: {told}"
            print(f"{name:30s} {time.monotonic() - began:5.0f} s  {told}", flush=True)
            if not fault:
                shutil.rmtree(folder)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
