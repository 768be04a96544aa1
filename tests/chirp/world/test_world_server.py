"""A worldwide server as a process of its own: how it ends, and what it says when it cannot begin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from functions_cloud import Cloud
from postgres import Cluster
from server_process import AWS, Running, serving
from world_region import over_http, secret_of, variables

from first_boot import free_port

pytestmark = pytest.mark.slow


def ask(server: Running, method: str, path: str, content: object, token: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    status, _, body = server.ask(method, path, headers, json.dumps(content).encode())
    assert status in (200, 201), body
    answer: dict[str, object] = json.loads(body)
    return answer


def test_what_waits_to_be_announced_is_announced_before_the_end(
    databases: Cluster, cloud: Cloud, fresh_names: list[str], tmp_path: Path
) -> None:
    with over_http() as url:
        said = variables(databases, fresh_names, PORT=str(free_port()))
        secret = secret_of(url, databases.password)
        said |= {**AWS, "AWS_ENDPOINT_URL": url, "DATABASE_SECRET_ARN": secret}
        with serving(tmp_path / "log", said) as server:
            account = {"handle": "writer", "email": "w@example.com", "password": "correct horse battery"}
            ask(server, "POST", "/api/accounts", account)
            token = str(ask(server, "POST", "/api/sessions", account)["token"])
            posted = [ask(server, "POST", "/api/posts", {"text": str(n)}, token)["id"] for n in range(25)]
            server.terminate()
            assert server.process.wait(20) == 0
        sqs, queue = cloud.clients["sqs"], cloud.resources["fan-out-queue.url"]
        told: list[str] = []
        while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            told += [json.loads(message["Body"])["id"] for message in batch]
        assert sorted(told) == posted
        left = [databases.sql("SELECT count(*) FROM outbox", database=name)[0][0] for name in fresh_names]
        assert left == [0, 0]
        assert "Traceback" not in server.log.read_text()
        assert token not in server.log.read_text()


def test_settings_that_do_not_fit_together_are_named() -> None:
    said = {"DATABASE_WRITERS": "a,b", "DATABASE_READERS": "a", "DATABASE_PRIMARIES": "true"}
    common = {"NAME": "x", "AWS_REGION": "x", "LISTEN": "x", "PORT": "1", "DATABASE_PORT": "1",
              "DATABASE_NAME": "x", "DATABASE_USER": "x",
              "WRITE_POOL_SIZE": "1", "DATABASE_SECRET_ARN": "x", "POOL_SIZE": "1", "DATABASE_SSL_MODE": "x",
              "MEDIA_BUCKET": "x", "TABLE": "x", "TIMELINES": "x", "POSTED_TOPIC": "x", "CACHE_HOST": "x",
              "CACHE_PORT": "1", "CACHE_USER": "x", "CACHE_NAME": "x"}  # fmt: skip
    command = [sys.executable, "-m", "chirp.servers"]
    done = subprocess.run(command, env={**common, **said}, text=True, capture_output=True, check=False)
    assert done.returncode != 0
    assert "DATABASE_WRITERS, DATABASE_READERS, DATABASE_PRIMARIES" in done.stderr
