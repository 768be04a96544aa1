from __future__ import annotations

from collections import Counter

import botocore.session
import pytest

from groma.live.embedded.routing import SERVICES, Emulator, emulator_of


@pytest.mark.parametrize("name", ["client", "service_id"])
def test_no_service_is_listed_twice(name: str) -> None:
    counts = Counter(getattr(service, name) for service in SERVICES)
    assert [value for value, count in counts.items() if count > 1] == []


def test_every_row_names_a_service_of_boto3_by_its_service_id() -> None:
    session = botocore.session.get_session()
    known = set(session.get_available_services())
    assert [s.client for s in SERVICES if s.client not in known] == []
    small = [s for s in SERVICES if s.client != "ec2"]  # ec2's model takes longer to read than all others
    wrong = {
        s.client: (s.service_id, model.service_id)
        for s in small
        if (model := session.get_service_model(s.client)).service_id != s.service_id
    }
    assert wrong == {}


def test_the_variable_is_the_service_id_in_capitals() -> None:
    by_client = {service.client: service for service in SERVICES}
    assert by_client["elbv2"].variable == "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"
    assert by_client["s3"].variable == "AWS_ENDPOINT_URL_S3"


def test_infrastructure_goes_to_moto_and_what_runs_goes_to_ministack() -> None:
    assert emulator_of("ec2") is Emulator.MOTO
    assert emulator_of("rds") is Emulator.MOTO
    assert emulator_of("sns") is Emulator.MINISTACK
    assert emulator_of("lambda") is Emulator.MINISTACK


def test_an_unlisted_service_goes_to_moto() -> None:
    assert emulator_of("transcribe") is Emulator.MOTO
