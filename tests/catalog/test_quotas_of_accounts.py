"""Quotas of accounts: whole, dated, and never larger on the first day than later."""

from __future__ import annotations

import re

import pytest

from groma import catalog
from groma.errors import InputError


@pytest.mark.parametrize("name", catalog.quota_names())
def test_a_quota_is_whole_and_no_larger_on_the_first_day(name: str) -> None:
    quota = catalog.quota(name)
    assert 0 <= quota.new <= quota.grown
    assert quota.grown > 0
    assert re.fullmatch(r"L-[0-9A-F]{8}", quota.code) or quota.code == ""
    assert quota.unit
    assert "2026" in quota.as_of


def test_some_regions_have_others() -> None:
    assert catalog.quota("databases", "ap-south-1").grown == 20
    assert catalog.quota("databases", "us-east-1").grown == 40
    assert catalog.quota("published", "us-east-1").grown == 30_000


def test_a_new_account_has_ten_calls_at_once_and_five_vcpus() -> None:
    assert (catalog.quota("lambda-concurrency").new, catalog.quota("ec2-vcpus").new) == (10, 5)


def test_an_unknown_quota_names_those_that_are_known() -> None:
    with pytest.raises(InputError, match="ec2-vcpu"):
        catalog.quota("ec2-vcpu")
