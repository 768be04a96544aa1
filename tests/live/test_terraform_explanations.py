"""Every error that AWS is known to give has a cause and a next step, tried by the provider's own texts."""

from __future__ import annotations

import pytest
from terraform_texts import TEXTS

from groma.live.terraform_cli.events import Diagnostic
from groma.live.terraform_cli.explanations import EXPLANATIONS, explained
from groma.live.terraform_cli.failure import diagnosed


@pytest.mark.parametrize(("row", "text"), list(zip(EXPLANATIONS, TEXTS, strict=True)))
def test_each_row_is_the_first_that_fits_its_text(row, text: str) -> None:
    assert row.told(text)
    assert explained(text) == row.told(text)


def test_a_step_names_what_the_text_names() -> None:
    assert "allow `rds:CreateDBInstance`" in explained(next(t for t in TEXTS if "rds:CreateDBInstance" in t))
    assert "instead of us-west-1b" in explained(next(t for t in TEXTS if "us-west-1b" in t))


def test_a_foreign_bucket_is_not_to_be_deleted_or_imported() -> None:
    told = explained("creating S3 Bucket (chirp): BucketAlreadyExists: The requested bucket name is taken")
    assert "another account" in told
    assert "another `name`" in told
    assert "import" not in told
    assert "terraform import" in explained("BucketAlreadyOwnedByYou: you already own it")


def test_what_nobody_knows_is_not_explained() -> None:
    assert explained("creating a thing: SomethingNobodyHasSeen") == ""


def test_who_reads_a_failure_reads_cause_and_next_step() -> None:
    (text,) = (text for text in TEXTS if "AddressLimitExceeded" in text)
    failure = diagnosed(
        [Diagnostic(0, "error", "creating EC2 EIP", detail=text, address="module.a.aws_eip.b")]
    )
    assert "reached one of its quotas: raise it in Service Quotas" in failure.hint
