"""The operators of a Condition.

Sources, read 2026-11-28: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
and …/reference_policies_condition-single-vs-multi-valued-context-keys.html.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from groma.iam.matching import Context, filled, matches_arn, matches_text
from groma.iam.policy import Conditions, PolicyError

Test = Callable[[str, str, Context], bool]
"""Whether the request's value fits the policy's."""
_IF_EXISTS = "IfExists"


def unmet(conditions: Conditions, context: Context) -> str:
    """The first condition that a request does not meet, such as `StringEquals aws:username`; "" when all are.

    Conditions are joined by "and", the values of one key by "or".

    Raises:
        PolicyError: an operator that IAM does not have.
    """
    for name, keys in conditions.items():
        for key, wanted in keys.items():
            if not _is_met(name, context.get(key.lower()), wanted, context):
                return f"{name} {key}"
    return ""


def _is_met(name: str, given: tuple[str, ...] | None, wanted: tuple[str, ...], context: Context) -> bool:
    set_operator, colon, rest = name.partition(":")
    base = (rest if colon else name).removesuffix(_IF_EXISTS)
    if base == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    test, negated = _test(base)
    if colon and set_operator not in ("ForAllValues", "ForAnyValue"):
        raise PolicyError(f"there is no condition operator {name}")
    if set_operator == "ForAllValues" and colon:
        return all(_fits(test, each, wanted, context, negated) for each in given or ())
    if given is None:
        return name.endswith(_IF_EXISTS) or (negated and not colon)
    return any(_fits(test, each, wanted, context, negated) for each in given)


def _fits(test: Test, given: str, wanted: tuple[str, ...], context: Context, negated: bool) -> bool:
    """Whether one value fits any of the policy's; with a negated operator, whether it fits none of them."""
    return any(test(given, each, context) for each in wanted) != negated


def _test(base: str) -> tuple[Test, bool]:
    if base in _TESTS:
        return _TESTS[base], False
    for negative, positive in _NEGATED.items():
        if base == negative:
            return _TESTS[positive], True
    raise PolicyError(f"there is no condition operator {base}")


def _equals(given: str, wanted: str, context: Context) -> bool:
    return given == filled(wanted, context, str, str)


def _equals_in_any_case(given: str, wanted: str, context: Context) -> bool:
    text = filled(wanted, context, str, str)
    return text is not None and given.casefold() == text.casefold()


def _like(given: str, wanted: str, context: Context) -> bool:
    return matches_text(given, wanted, context)


def _bool(given: str, wanted: str, context: Context) -> bool:
    return given.lower() == wanted.lower()


def _arn(given: str, wanted: str, context: Context) -> bool:
    return matches_arn(given, wanted, context)


def _binary(given: str, wanted: str, context: Context) -> bool:
    try:
        return base64.b64decode(given, validate=True) == base64.b64decode(wanted, validate=True)
    except (binascii.Error, ValueError):
        return False


def _address(given: str, wanted: str, context: Context) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _number(compare: Callable[[float, float], bool]) -> Test:
    def test(given: str, wanted: str, context: Context) -> bool:
        try:
            return compare(float(given), float(wanted))
        except ValueError:
            return False

    return test


def _date(compare: Callable[[datetime, datetime], bool]) -> Test:
    def test(given: str, wanted: str, context: Context) -> bool:
        try:
            return compare(_moment(given), _moment(wanted))
        except ValueError:
            return False

    return test


def _moment(text: str) -> datetime:
    """ISO 8601, or seconds since 1970."""
    if text.isdigit() and len(text) > len("2026"):
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_COMPARED = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_TESTS: Mapping[str, Test] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_in_any_case,
    "StringLike": _like,
    "Bool": _bool,
    "BinaryEquals": _binary,
    "IpAddress": _address,
    "ArnEquals": _arn,
    "ArnLike": _arn,
    **{f"Numeric{name}": _number(compare) for name, compare in _COMPARED.items()},
    **{f"Date{name}": _date(compare) for name, compare in _COMPARED.items()},
}
_NEGATED: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
