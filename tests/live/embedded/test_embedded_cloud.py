"""The life of the embedded cloud, with the real emulators."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from groma.errors import CloudError
from groma.live.embedded import EmbeddedCloud, Emulator, Endpoints
from groma.live.embedded.access.credentials import FILE_NAME, Credentials
from groma.live.embedded.processes import command_of, is_running
from groma.live.embedded.record import Record, Server, read_record

pytestmark = pytest.mark.slow


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[EmbeddedCloud]:
    """A cloud in a directory of its own, not started yet; discarded at the end."""
    made = EmbeddedCloud(tmp_path / "cloud", key_file=tmp_path / "key")
    yield made
    made.stop(discard=True)


def _record(cloud: EmbeddedCloud) -> Record:
    record = read_record(cloud.directory)
    assert record is not None
    return record


def _pids(cloud: EmbeddedCloud) -> set[int]:
    return {server.pid for server in _record(cloud).servers.values()}


def _wait(condition: Callable[[], bool], timeout_s: float = 15) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _make_group_and_topic(endpoints: Endpoints) -> tuple[str, str]:
    """A log group in one emulator, which is made and read in no time, and a topic in the other."""
    endpoints.client("logs").create_log_group(logGroupName="calls")
    return "calls", endpoints.client("sns").create_topic(Name="alerts")["TopicArn"]


def _has_group_and_topic(endpoints: Endpoints, made: tuple[str, str]) -> bool:
    groups = [group["logGroupName"] for group in endpoints.client("logs").describe_log_groups()["logGroups"]]
    topics = [topic["TopicArn"] for topic in endpoints.client("sns").list_topics()["Topics"]]
    return made[0] in groups and made[1] in topics


def test_it_starts_is_found_and_stops_without_a_trace(cloud: EmbeddedCloud) -> None:
    assert cloud.find() is None
    endpoints = cloud.start()
    assert endpoints.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert ":123456789012:" in _make_group_and_topic(endpoints)[1]

    another_command = replace(cloud)
    assert another_command.find() == endpoints
    assert another_command.start() == endpoints

    pids = _pids(cloud)
    another_command.stop(discard=True)
    assert not any(is_running(pid) for pid in pids)
    assert not cloud.directory.exists()
    assert cloud.find() is None


def test_it_outlives_the_command_that_started_it(cloud: EmbeddedCloud) -> None:
    script = (
        "import sys; from pathlib import Path; from groma.live.embedded import EmbeddedCloud\n"
        "EmbeddedCloud(Path(sys.argv[1]), key_file=Path(sys.argv[2])).start()"
    )
    command = [sys.executable, "-c", script, str(cloud.directory), str(cloud.key_file)]
    process = subprocess.Popen(command, start_new_session=True)
    assert process.wait(60) == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, signal.SIGHUP)  # what a closed terminal sends finds nobody there
    assert cloud.find() is not None


def test_its_state_and_ports_outlast_a_stop(cloud: EmbeddedCloud) -> None:
    first = cloud.start()
    made = _make_group_and_topic(first)
    cloud.stop(discard=False)
    assert cloud.find() is None
    second = cloud.start()
    assert second == first
    assert _has_group_and_topic(second, made)


def test_a_cloud_of_an_older_groma_is_opened_with_all_that_it_holds_and_then_asks_for_keys(
    cloud: EmbeddedCloud,
) -> None:
    made = _make_group_and_topic(cloud.start())
    (cloud.directory / FILE_NAME).unlink()
    record = _record(cloud)
    replace(record, access_key="").write(cloud.directory)  # what it wrote, and it kept no keys
    opened = replace(cloud).start()
    assert not any(is_running(server.pid) for server in record.servers.values())
    assert opened.urls == {name: f"http://127.0.0.1:{each.port}" for name, each in record.servers.items()}
    assert _has_group_and_topic(opened, made)
    assert cloud.losses() == 0
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        replace(opened, credentials=Credentials("123456789012", "embedded")).client("sns").list_topics()


def test_its_files_are_its_owners_alone(cloud: EmbeddedCloud) -> None:
    s3 = cloud.start().client("s3")
    s3.create_bucket(Bucket="site")
    s3.put_object(Bucket="site", Key="index.html", Body=b"text")
    cloud.save()
    paths = [cloud.directory, *cloud.directory.rglob("*")]
    assert {path.name for path in paths} >= {
        "cloud.json",
        FILE_NAME,
        "moto.snapshot",
        "ministack.snapshot",
        "index.html",
    }
    assert [str(path) for path in paths if path.stat().st_mode & 0o077] == []


def _listening(pid: int) -> list[str]:
    """The addresses on which the process accepts TCP connections."""
    if not Path("/proc/net").exists():
        command = ["lsof", "-nP", "-a", "-p", str(pid), "-iTCP", "-sTCP:LISTEN", "-Fn"]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return [line[1:].rpartition(":")[0] for line in lines if line.startswith("n")]
    links = [path for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
    inodes = {str(link.readlink()) for link in links}
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    listening = [
        row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes
    ]
    return [
        str(IPv4Address(int.from_bytes(bytes.fromhex(a), "little"))) if len(a) == 8 else a for a in listening
    ]


def test_it_listens_on_loopback_alone(cloud: EmbeddedCloud) -> None:
    endpoints = cloud.start()
    endpoints.client("lambda").list_functions()
    endpoints.client("ec2").describe_vpcs()
    assert [_listening(pid) for pid in _pids(cloud)] == [["127.0.0.1"], ["127.0.0.1"]]


def test_many_calls_at_once_are_all_answered(cloud: EmbeddedCloud) -> None:
    endpoints = cloud.start()
    ec2, sns = endpoints.client("ec2"), endpoints.client("sns")

    def call(n: int) -> None:
        ec2.create_security_group(GroupName=f"group-{n}", Description="one of many")
        ec2.describe_security_groups()
        sns.create_topic(Name=f"topic-{n}")
        if n % 10 == 0:
            cloud.save()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(call, range(60)))
    names = [group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]]
    assert sum(name.startswith("group-") for name in names) == 60
    assert len(sns.list_topics()["Topics"]) == 60


def _processes_of(cloud: EmbeddedCloud) -> set[int]:
    """All processes whose command line names the cloud's directory."""
    if Path("/proc/self").exists():
        commands = {int(entry.name): command_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    else:
        listed = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True)
        rows = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
        commands = {int(row[0]): row[-1] for row in rows}
    return {pid for pid, command in commands.items() if str(cloud.directory.resolve()) in command}


def test_two_commands_at_once_end_with_one_cloud(cloud: EmbeddedCloud) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: replace(cloud).start(), range(4)))
    assert len({json.dumps(endpoints.environment()) for endpoints in found}) == 1
    assert _processes_of(cloud) == _pids(cloud)


def test_an_emulator_that_died_is_started_again_with_its_saved_state(cloud: EmbeddedCloud) -> None:
    first = cloud.start()
    made = _make_group_and_topic(first)
    cloud.save()
    before = _record(cloud).servers
    os.kill(before[Emulator.MOTO].pid, signal.SIGKILL)
    _wait(lambda: cloud.find() is None)
    second = cloud.start()
    after = _record(cloud).servers
    assert second == first
    assert after[Emulator.MINISTACK] == before[Emulator.MINISTACK]
    assert after[Emulator.MOTO].pid != before[Emulator.MOTO].pid
    assert _has_group_and_topic(second, made)


def test_a_reused_process_id_is_recognised_and_left_alone(cloud: EmbeddedCloud) -> None:
    cloud.start()
    record = _record(cloud)
    cloud.stop(discard=False)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        ports = {name: server.port for name, server in record.servers.items()}
        replace(record, servers={n: Server(stranger.pid, port) for n, port in ports.items()}).write(
            cloud.directory
        )
        assert cloud.find() is None
        assert cloud.start().client("sts").get_caller_identity()
        assert stranger.poll() is None
        assert stranger.pid not in _pids(cloud)
    finally:
        stranger.kill()
        stranger.wait()


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"emulator": "moto", "pid": 1, "proof": "I know nothing"}')

    def log_message(self, *_: object) -> None:
        pass


def test_another_program_on_the_recorded_port_is_recognised(cloud: EmbeddedCloud) -> None:
    stranger = HTTPServer(("127.0.0.1", 0), _Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    port = stranger.server_address[1]
    cloud.directory.mkdir()
    Record("t", "", {name: Server(os.getpid(), port) for name in Emulator}).write(cloud.directory)
    try:
        assert cloud.find() is None
        endpoints = cloud.start()
        assert f":{port}" not in " ".join(endpoints.urls.values())
        assert endpoints.client("sts").get_caller_identity()
    finally:
        stranger.shutdown()
        stranger.server_close()


def test_an_emulator_that_is_busy_is_waited_for_and_never_ended(cloud: EmbeddedCloud) -> None:
    """Another command's Terraform is at work with it: a new one would know nothing of what that has made."""
    endpoints = cloud.start()
    busy = _record(cloud).servers[Emulator.MOTO].pid
    os.kill(busy, signal.SIGSTOP)
    impatient = replace(cloud, busy_timeout_s=0.5)
    for ask in (impatient.find, impatient.start):
        with pytest.raises(CloudError, match=f"process {busy}\\) lives and does not answer"):
            ask()
    threading.Timer(3.0, os.kill, (busy, signal.SIGCONT)).start()
    assert cloud.start() == endpoints
    assert _record(cloud).servers[Emulator.MOTO].pid == busy
    os.kill(busy, signal.SIGKILL)
    assert impatient.start().client("sts").get_caller_identity()


def test_what_was_told_and_not_saved_is_known_to_be_lost(cloud: EmbeddedCloud) -> None:
    """After a power loss the cloud is as it was last saved, and says so."""

    def lose_power() -> None:
        for pid in _pids(cloud):
            os.kill(pid, signal.SIGKILL)
        _wait(lambda: not any(is_running(pid) for pid in _pids(cloud)))

    cloud.start().client("sns").create_topic(Name="kept")
    cloud.save()
    cloud.start().client("sns").list_topics()
    lose_power()
    topics = cloud.start().client("sns")
    assert cloud.losses() == 0
    topics.create_topic(Name="lost")
    lose_power()
    told = cloud.start().client("sns").list_topics()["Topics"]
    assert [topic["TopicArn"].rpartition(":")[2] for topic in told] == ["kept"]
    assert cloud.losses() == 1


def test_it_ends_when_its_directory_is_removed(cloud: EmbeddedCloud) -> None:
    cloud.start()
    pids = _pids(cloud)
    shutil.rmtree(cloud.directory)
    _wait(lambda: not any(is_running(pid) for pid in pids))
    assert not cloud.directory.exists()


def test_a_discard_removes_only_what_is_the_clouds(cloud: EmbeddedCloud) -> None:
    cloud.start()
    (cloud.directory / "notes.txt").write_text("mine")
    cloud.stop(discard=True)
    assert [path.name for path in cloud.directory.iterdir()] == ["notes.txt"]


def test_stopping_what_does_not_run_is_no_error(cloud: EmbeddedCloud) -> None:
    cloud.stop(discard=False)
    cloud.stop(discard=True)
    assert not cloud.directory.exists()


def test_saving_what_does_not_run_is_an_error(cloud: EmbeddedCloud) -> None:
    with pytest.raises(CloudError, match="does not run"):
        cloud.save()


def _interpreter(tmp_path: Path, body: str) -> str:
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_a_start_that_fails_shows_the_end_of_the_log(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    broken = replace(cloud, python=_interpreter(tmp_path, "echo the disk is full; exit 7"))
    with pytest.raises(CloudError, match=r"ended at once \(exit code 7\)(.|\n)*the disk is full") as caught:
        broken.start()
    assert caught.value.where == str(cloud.log(Emulator.MOTO))
    assert cloud.start().client("sts").get_caller_identity()


def test_a_start_that_hangs_is_given_up(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    slow = replace(cloud, python=_interpreter(tmp_path, "sleep 60"), start_timeout_s=0.5, stop_timeout_s=1)
    with pytest.raises(CloudError, match="did not answer within"):
        slow.start()
    assert not any(is_running(pid) for pid in _pids(cloud))


def test_an_interpreter_that_is_not_there_is_named(cloud: EmbeddedCloud) -> None:
    with pytest.raises(CloudError, match="cannot be started"):
        replace(cloud, python="/no/such/python").start()


def test_a_directory_that_cannot_be_made_is_named(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CloudError, match="cannot be made"):
        replace(cloud, directory=tmp_path / "file" / "cloud").start()


def test_a_snapshot_of_another_hand_is_never_loaded(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    cloud.start()
    cloud.stop(discard=False)
    with pytest.raises(CloudError, match=r"was not written by Groma for this user\n.*`rm .*moto.snapshot"):
        replace(cloud, key_file=tmp_path / "another key").start()
    assert cloud.start().client("sts").get_caller_identity()
