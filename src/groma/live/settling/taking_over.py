"""Take over what is in the cloud and not in the state.

Terraform says what it would make, the cloud is asked whether it is there already, and Terraform reads what is
by `import` blocks; then more is known of what belongs to it, such as the subnets of a network, and is looked
for in the same way. What was found in the end is put into the state. The cloud is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groma.live.settling.finding import Cloud
from groma.live.settling.foreseen import Foreseen
from groma.live.settling.identities import IDENTITIES
from groma.live.settling.noting import with_found
from groma.live.target import Target
from groma.live.terraform_cli import Doubt, Terraform, TerraformFailed
from groma.terraform.hcl import quoted

IMPORTS = "groma_imports.tf"
_ROUNDS = 12
_MISSING = re.compile(r'import an existing object to\s+"(.+?)",\s+the provider')


@dataclass(frozen=True)
class Settled:
    """What came of it.

    Attributes:
        taken: addresses of what was taken over.
        foreign: addresses whose names something else has, that is not the stack's.
    """

    taken: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = len(self.taken)
        if not count:
            return "nothing was found that the state does not know"
        return f"{count} {'thing was' if count == 1 else 'things were'} found in the cloud and taken over"


@dataclass
class _Search:
    """What was found so far: ids by address, of which `left` are others that would fit as well."""

    ids: dict[str, str] = field(default_factory=dict)
    tried: dict[str, set[str]] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    def add(self, found: Mapping[str, tuple[str, ...]]) -> bool:
        """Take each address's first id that was not tried yet; whether there was any."""
        count = len(self.ids)
        for address, ids in found.items():
            fresh = [each for each in ids if each not in self.tried.setdefault(address, set())]
            if address not in self.ids and fresh:
                self.ids[address] = fresh[0]
                self.tried[address].add(fresh[0])
        return len(self.ids) > count

    def drop(self, address: str) -> None:
        """Look no further at what was found for an address."""
        self.ids.pop(address, None)


def take_over(terraform: Terraform, target: Target, doubt: Doubt, say: Callable[[str], None]) -> Settled:
    """Find what is in doubt, and note it in the state. Raises TerraformError, CloudError.

    Args:
        terraform: of the stack; its root has to be prepared (`init`).
        target: where the stack stands.
        doubt: what is looked for; all that a plan would make, when everything is in doubt.
        say: is told what is done.
    """
    search, account, unseen = _Search(), target.account(), set[str]()
    foreseen = Foreseen(terraform.foresee(refresh=doubt.everything))
    for _ in range(_ROUNDS):
        wanted = [
            making
            for address, making in foreseen.making.items()
            if address in doubt.begun
            or (doubt.everything and making.type in IDENTITIES and not IDENTITIES[making.type].only_begun)
        ]
        cloud = Cloud(target, account)
        found = cloud.find(wanted)
        unseen |= cloud.refused
        if not search.add(found):
            break
        say(f"found {len(search.ids)} that the state does not know")
        foreseen = _imported(terraform, search, doubt, say)
    if unseen:
        say(f"these credentials may not look by {', '.join(sorted(unseen))}")
    taken = tuple(sorted(address for address in search.ids if address in foreseen.found))
    if taken:
        terraform.push(with_found(terraform.state(), foreseen, taken))
    return Settled(taken, tuple(sorted(search.foreign - set(taken))))


def _imported(terraform: Terraform, search: _Search, doubt: Doubt, say: Callable[[str], None]) -> Foreseen:
    """Have Terraform read what was found; what is not there, or is not the stack's, is dropped."""
    while True:
        foreseen = _read(terraform, search)
        foreign = [address for address in search.ids if not _is_own(foreseen, address, doubt)]
        if not foreign:
            return foreseen
        for address in foreign:
            say(f"{search.ids[address]} is not the stack's and is left alone")
            search.foreign.add(address)
            search.drop(address)


def _read(terraform: Terraform, search: _Search) -> Foreseen:
    path = terraform.directory / IMPORTS
    try:
        while True:
            path.write_text(_blocks(search.ids), encoding="utf-8")
            try:
                return Foreseen(terraform.foresee())
            except TerraformFailed as error:
                said = " ".join(f"{each.summary} {each.detail}" for each in error.diagnostics)
                missing = set(_MISSING.findall(" ".join(said.split()))) & set(search.ids)
                if not missing:
                    raise
                for address in missing:
                    search.drop(address)
    finally:
        path.unlink(missing_ok=True)


def _blocks(ids: Mapping[str, str]) -> str:
    return "".join(f"import {{\n  to = {to}\n  id = {quoted(id_)}\n}}\n" for to, id_ in ids.items())


def _is_own(foreseen: Foreseen, address: str, doubt: Doubt) -> bool:
    """Whether what Terraform has read is the stack's: by its tag, or since it was begun and has none yet."""
    planned = (foreseen.making[address].planned.get("tags_all") or {}).get("Stack")
    found = foreseen.found.get(address, {}).get("values", {}).get("tags_all") or {}
    if planned is None or found.get("Stack") == planned:
        return True
    return "Stack" not in found and address in doubt.begun


def forget_imports(directory: Path) -> None:
    """Take away the import blocks that a killed Groma has left in a root."""
    (directory / IMPORTS).unlink(missing_ok=True)
