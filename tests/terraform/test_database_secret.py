"""The life of the module `database-secret`, which Terraform cannot mock, against the embedded cloud."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping

import pytest
from workspace import Workspace

from attached import attached
from groma.live.embedded import Endpoints

pytestmark = pytest.mark.slow

STACK = "database-secret/tests/stack"
NAME = "chirp-database"


@pytest.fixture(scope="module")
def stack(workspace: Workspace, embedded: Endpoints) -> Iterator[Workspace]:
    """The root that uses the module, and one provider for all that is done to it."""
    key = embedded.client("kms").create_key()["KeyMetadata"]["Arn"]
    made = workspace.within(
        embedded.environment()
        | {"TF_VAR_name": NAME, "TF_VAR_kms_key_arn": key, "TF_VAR_deletion_protection": "false"}
    )
    made.run(STACK, "init")
    with attached(made.root / STACK, made.environment) as environment:
        yield made.within(environment)


def secret(endpoints: Endpoints) -> dict[str, str]:
    return json.loads(endpoints.client("secretsmanager").get_secret_value(SecretId=NAME)["SecretString"])


def taken(endpoints: Endpoints) -> str:
    """The password as who takes it got it."""
    found = endpoints.client("ssm").get_parameter(Name=f"/{NAME}/taken", WithDecryption=True)
    return found["Parameter"]["Value"]


def plan(stack: Workspace) -> Mapping[str, str]:
    """Saves a plan; what it does to each resource that it changes."""
    said = stack.run(STACK, "plan", "-json", "-out=saved.plan").stdout.splitlines()
    events = [event for event in map(json.loads, said) if event["type"] == "planned_change"]
    changes = {event["change"]["resource"]["addr"]: event["change"]["action"] for event in events}
    return {address: action for address, action in changes.items() if action != "noop"}


def written(stack: Workspace) -> str:
    """All that Terraform wrote: the state, its backup and the saved plan, which is a ZIP archive."""
    directory = stack.root / STACK
    with zipfile.ZipFile(directory / "saved.plan") as archive:
        planned = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    states = [path.read_text() for path in directory.glob("terraform.tfstate*")]
    assert planned
    assert states
    return "".join(planned + states)


def test_what_aws_would_refuse_is_refused_before(stack: Workspace) -> None:
    wrong = {
        "name": "chirp database",
        "kms_key_arn": "alias/chirp",
        "username": "rdsadmin",
        "password_version": "1.5",
    }
    said = stack.refusal(STACK, "plan", *(f"-var={name}={value}" for name, value in wrong.items()))
    assert said.count("Error: Invalid value for variable") == len(wrong)
    for name in wrong:
        assert f"{name} must be" in said


def test_the_password_is_in_the_secret_alone(stack: Workspace, embedded: Endpoints) -> None:
    assert set(plan(stack).values()) == {"create"}
    stack.run(STACK, "apply", "saved.plan")
    made = secret(embedded)
    assert made.keys() == {"username", "password"}
    assert made["username"] == "administrator"
    assert taken(embedded) == made["password"]

    assert plan(stack) == {}
    everything = written(stack)
    assert NAME in everything
    assert made["password"] not in everything


def test_it_is_encrypted_with_the_key(stack: Workspace, embedded: Endpoints) -> None:
    described = embedded.client("secretsmanager").describe_secret(SecretId=NAME)
    assert described["KmsKeyId"] == stack.environment["TF_VAR_kms_key_arn"]


def test_a_new_version_is_a_new_password_for_both(stack: Workspace, embedded: Endpoints) -> None:
    old = secret(embedded)["password"]
    newer = stack.within({"TF_VAR_password_version": "2"})
    newer.run(STACK, "apply", "-auto-approve")
    new = secret(embedded)["password"]
    assert new != old
    assert taken(embedded) == new
    assert plan(newer) == {}
    everything = written(newer)
    assert old not in everything
    assert new not in everything


def test_a_secret_that_is_lost_is_made_again(stack: Workspace, embedded: Endpoints) -> None:
    manager = embedded.client("secretsmanager")
    manager.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    stack.run(STACK, "apply", "-auto-approve", "-var=password_version=3")
    assert taken(embedded) == secret(embedded)["password"]


def test_a_name_is_free_again_and_an_apply_that_broke_off_goes_on(
    stack: Workspace, embedded: Endpoints
) -> None:
    stack.run(STACK, "destroy", "-auto-approve")
    assert embedded.client("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"] == []
    secret_alone = "-target=module.database_secret.aws_secretsmanager_secret.this"
    stack.run(STACK, "apply", "-auto-approve", secret_alone)
    stack.run(STACK, "apply", "-auto-approve")
    assert taken(embedded) == secret(embedded)["password"]
    stack.run(STACK, "destroy", "-auto-approve")


def test_a_protected_secret_can_be_restored(stack: Workspace, embedded: Endpoints) -> None:
    protected = stack.within({"TF_VAR_deletion_protection": "true"})
    protected.run(STACK, "apply", "-auto-approve")
    password = secret(embedded)["password"]
    protected.run(STACK, "destroy", "-auto-approve")
    manager = embedded.client("secretsmanager")
    manager.restore_secret(SecretId=NAME)
    assert secret(embedded)["password"] == password
    manager.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
