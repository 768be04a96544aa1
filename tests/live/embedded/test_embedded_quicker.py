"""What is done less often gives the same answers."""

from __future__ import annotations

import queue
import threading
import time
from string import ascii_letters, ascii_lowercase, digits
from types import SimpleNamespace

import pytest
from boto3 import Session
from botocore.session import Session as BotocoreSession
from ministack.core.lambda_runtime import Worker
from moto import backends, mock_aws
from moto.core import responses
from moto.ec2 import utils
from moto.iam import models
from moto.moto_api._internal.moto_random import MotoRandom
from moto.sts.responses import TokenResponse
from moto.utilities.utils import PARTITION_NAMES

from groma.live.embedded.quicker import (
    draw_at_once,
    draw_ids_of_ec2_at_once,
    know_regions,
    look_for_keys_where_some_are,
    remember_what_stays,
    wait_for_logs,
)


def test_moto_finds_the_same_methods_and_modules_and_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    methods, modules = responses.method_names_from_class, backends.list_of_moto_modules

    def counted_methods(clazz: type) -> list[str]:
        looked.append("methods")
        return methods(clazz)

    def counted_modules() -> list[str]:
        looked.append("modules")
        return list(modules())

    monkeypatch.setattr(responses, "method_names_from_class", counted_methods)
    monkeypatch.setattr(backends, "list_of_moto_modules", counted_modules)
    remember_what_stays()
    for _ in range(3):
        assert responses.method_names_from_class(TokenResponse) == methods(TokenResponse)
        assert list(backends.list_of_moto_modules()) == list(modules())
    assert sorted(looked) == ["methods", "modules"]


def test_the_regions_of_ec2_are_those_that_botocore_names_and_no_model_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask, session = Session.get_available_regions, Session()
    asked = [(service, partition) for service in ("ec2", "elbv2") for partition in PARTITION_NAMES]
    named = [ask(session, service, partition_name=partition) for service, partition in asked]
    monkeypatch.setattr(Session, "get_available_regions", ask)
    know_regions()
    assert [session.get_available_regions(each, partition_name=name) for each, name in asked] == named
    assert "us-east-1" in session.get_available_regions("ec2")
    monkeypatch.setattr(BotocoreSession, "get_service_data", None)
    assert session.get_available_regions("ec2", "aws", allow_non_regional=True)


def test_whose_a_key_is_follows_from_what_is_there_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "get_account_id_from", models.get_account_id_from)
    look_for_keys_where_some_are()
    with mock_aws():
        china = models.iam_backends["111122223333"]["aws-cn"]
        china.create_user("cn-north-1", "somebody")
        key = china.create_access_key("somebody").access_key_id
        assert models.get_account_id_from(key) == "111122223333"
        assert models.get_account_id_from("AKIAEXAMPLE") == models.DEFAULT_ACCOUNT_ID
        assert list(models.iam_backends["111122223333"]) == ["aws-cn"]


def test_ids_are_of_the_same_characters_and_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MotoRandom, "get_random_string", MotoRandom.get_random_string)
    monkeypatch.setattr(utils, "random_resource_id", utils.random_resource_id)
    draw_at_once()
    draw_ids_of_ec2_at_once()
    random = MotoRandom()
    assert set(random.get_random_string(length=5_000)) == set(ascii_letters + digits)
    assert set(random.get_random_string(5_000, include_digits=False)) == set(ascii_letters)
    assert set(random.get_random_string(5_000, lower_case=True)) == set(ascii_lowercase + digits)
    assert set(utils.random_resource_id(5_000)) == set("0123456789abcdef")
    assert (len(random.get_random_string()), len(utils.random_vpc_id())) == (20, len("vpc-") + 17)


DRAIN = Worker._drain_stderr_bounded


@pytest.fixture(params=["ministack's own", "ours"])
def drain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """How lines are waited for: both ways are held to the same tests."""
    monkeypatch.setattr(Worker, "_drain_stderr_bounded", DRAIN)
    if request.param == "ours":
        wait_for_logs()
        assert Worker._drain_stderr_bounded is not DRAIN
    return Worker._drain_stderr_bounded


def test_all_lines_that_have_come_are_given(drain) -> None:
    worker = SimpleNamespace(_stderr_queue=queue.Queue())
    for line in ("a", "b"):
        worker._stderr_queue.put(line)
    assert drain(worker) == "a\nb"
    assert drain(worker, first_line_wait=0.01) == ""


def test_a_line_is_waited_for(drain) -> None:
    worker = SimpleNamespace(_stderr_queue=queue.Queue())
    threading.Timer(0.05, worker._stderr_queue.put, ["late"]).start()
    assert drain(worker, first_line_wait=30, hard_cap=60) == "late"


def test_a_function_that_never_stops_logging_does_not_keep_its_caller(drain) -> None:
    class Endless:
        def get(self, timeout: float) -> str:
            return self.get_nowait()

        def get_nowait(self) -> str:
            time.sleep(0.002)
            return "more"

    lines = drain(SimpleNamespace(_stderr_queue=Endless()), hard_cap=0.02)
    assert 1 <= lines.count("more") <= 10
