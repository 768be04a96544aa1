"""A resource as a policy names it: what the stack's name begins stays, what AWS makes up becomes `*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from groma.live.embedded import ACCOUNT_ID
from groma.live.embedded.authority import templates_of
from groma.workload import Workload

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WORD = re.compile(r"[a-z]+")
_KEPT = frozenset({"default", "global", "regional", "alarm"})
"""Values of variables that are AWS's own names for something that is always there."""
PUBLIC_PARAMETERS = "aws/service"
"""What AWS's public parameters are below."""
_OWN_ROLES = "aws-service-role"
"""Begins the names of the roles that services make for themselves."""
_OF_ARN = frozenset({"Partition", "Region", "Account"})


@dataclass(frozen=True)
class Names:
    """The names by which a stack's resources are known.

    Attributes:
        stack: begins the name of whatever can be named.
        others: names that are not the stack's and are known all the same, such as that of its state's bucket.
        account: the account that the policy is for; `*` for whichever it is attached in.
    """

    stack: str
    others: tuple[str, ...] = ()
    account: str = "*"

    def general(self, arn: str) -> str:
        """The pattern for an ARN that was asked for."""
        if arn == "*":
            return arn
        head, service, region, account, relative = _split(arn)
        owner = self.account if account == ACCOUNT_ID else account
        if service == "apigateway":
            relative = "/".join(self._segment(part) for part in relative.split("/"))
        else:
            relative = self._relative(arn, relative)
        return ":".join((head, service, region, owner, relative))

    def _relative(self, arn: str, relative: str) -> str:
        template = template_of(arn)
        if template is None:
            return relative if relative.endswith("*") else self.value(relative)
        found = _pattern(template).fullmatch(arn)
        parts = _VARIABLE.split(template.split(":", 5)[5])
        values = found.groups()[-(len(parts) // 2) :] if found else ()
        return "".join(
            part if number % 2 == 0 else self.value(values[number // 2]) for number, part in enumerate(parts)
        )

    def value(self, value: str) -> str:
        """A variable's value: literal up to the stack's name, then open."""
        if value in _KEPT:
            return value
        for name in (_OWN_ROLES, *self.others, self.stack):
            found = re.search(rf"(?<![A-Za-z0-9-]){re.escape(name)}(?=$|[^A-Za-z0-9])", value)
            if found is not None and found.end() == len(value):
                return value
            if found is not None:
                joint = value[found.end()]
                return f"{value[: found.end()]}{joint}*"
        return "*"

    def _segment(self, part: str) -> str:
        return part if _WORD.fullmatch(part) or not part else "*"


def names_of(workload: Workload, account: str = "*") -> Names:
    """The names by which the resources of a workload's stack are known."""
    state = workload.state
    return Names(workload.name, (PUBLIC_PARAMETERS, *([state.bucket] if state else [])), account)


def least(patterns: Iterable[str]) -> list[str]:
    """The patterns without those that another one covers."""
    patterns = set(patterns)
    if "*" in patterns:
        return ["*"]
    open_ended = [each[:-1] for each in patterns if each.endswith("*")]
    return sorted(
        each
        for each in patterns
        if not any(each.startswith(beginning) and each != f"{beginning}*" for beginning in open_ended)
    )


def _split(arn: str) -> tuple[str, str, str, str, str]:
    scheme, partition, service, region, account, relative = arn.split(":", 5)
    return f"{scheme}:{partition}", service, region, account, relative


@cache
def template_of(arn: str) -> str | None:
    """The most particular ARN template that an ARN, or a pattern for one, is of; None for none."""
    found = sorted(templates_of(arn.split(":")[2]), key=lambda text: (-len(_VARIABLE.sub("", text)), text))
    return next((text for text in found if _pattern(text).fullmatch(arn)), None)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(template)
    last = max((number for number in range(1, len(parts), 2)), default=0)
    inner = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            inner.append(re.escape(part))
        elif part in _OF_ARN:
            inner.append("([^:/]*)")
        else:
            inner.append("(.+)" if number == last and not parts[-1] else "([^:/]+)")
    return re.compile("".join(inner))
