from __future__ import annotations

import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from groma.errors import ToolMissing
from groma.live.toolchain import Engine, ProviderSource, ensure_provider, registry_reachable
from groma.live.toolchain.provider import implied_mirrors

TERRAFORM = Engine(Path("/usr/bin/terraform"), "terraform", "1.11.4")
TOFU = Engine(Path("/usr/bin/tofu"), "tofu", "1.10.0")
PLATFORM = "linux_riscv64"
"""One of which no hash is known: what stands for the provider here is empty."""
HOST = "registry.terraform.io"


def unpacked(base: Path, version: str = "5.100.0", platform: str = PLATFORM, host: str = HOST) -> Path:
    package = base / host / "hashicorp/aws" / version / platform
    package.mkdir(parents=True)
    binary = package / f"terraform-provider-aws_v{version}_x5"
    binary.touch()
    binary.chmod(0o755)
    return package


def packed(base: Path, version: str = "5.100.0", platform: str = PLATFORM) -> Path:
    folder = base / HOST / "hashicorp/aws"
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"terraform-provider-aws_{version}_{platform}.zip"
    archive.write_bytes(b"PK")
    return archive


@pytest.fixture
def ensure(tmp_path):
    """`ensure_provider` of an offline machine whose disk is `tmp_path/disk`."""

    def run(engine: Engine = TERRAFORM, **options) -> ProviderSource:
        settings = {
            "home": tmp_path / "home",
            "environment": {"XDG_DATA_DIRS": str(tmp_path / "share")},
            "platform": PLATFORM,
            "reachable": lambda host: False,
            "roots": [tmp_path / "disk"],
        }
        return ensure_provider(engine, **{**settings, **options})

    return run


def link_in(tmp_path: Path, version: str = "5.100.0", host: str = HOST) -> Path:
    return tmp_path / "home/.terraform.d/plugins" / host / "hashicorp/aws" / version / PLATFORM


def never(host: str) -> bool:
    raise AssertionError("the registry is not to be asked")


def test_a_copy_on_the_disk_is_linked_to_where_terraform_looks(ensure, tmp_path):
    package = unpacked(tmp_path / "disk/somewhere/deep")
    assert ensure() == ProviderSource("linked", "5.100.0", link_in(tmp_path))
    assert link_in(tmp_path).resolve() == package
    assert [path.name for path in link_in(tmp_path).parent.iterdir()] == [PLATFORM]


def test_the_second_time_nothing_is_searched_or_asked(ensure, tmp_path):
    unpacked(tmp_path / "disk")
    ensure()
    begun = time.thread_time()
    again = ensure(reachable=never, roots=[])
    assert time.thread_time() - begun < 5
    assert again == ProviderSource("mirror", "5.100.0", link_in(tmp_path))


def test_opentofu_gets_the_copy_under_its_own_registry(ensure, tmp_path):
    package = unpacked(tmp_path / "disk")
    source = ensure(TOFU)
    assert source.path == link_in(tmp_path, host="registry.opentofu.org")
    assert source.path.resolve() == package
    assert ensure(TOFU, reachable=never).how == "mirror"
    assert ensure(TERRAFORM).how == "linked"


@pytest.mark.parametrize("version", ["5.99.0", "4.67.0", "6.0.0", "6.100.1"])
def test_a_copy_of_another_version_does_not_fit(ensure, tmp_path, version):
    unpacked(tmp_path / "disk", version)
    with pytest.raises(ToolMissing, match="no fitting copy"):
        ensure()
    assert not (tmp_path / "home").exists()


def test_the_highest_fitting_version_is_taken(ensure, tmp_path):
    for version in ("5.100.0", "5.101.2", "5.101.10", "6.2.0", "5.9.0"):
        unpacked(tmp_path / "disk", version)
    assert ensure().version == "5.101.10"


def test_a_copy_that_lasts_is_preferred_to_one_in_a_stack_s_directory(ensure, tmp_path):
    unpacked(tmp_path / "disk/a-stack/.terraform/providers")
    unpacked(tmp_path / "disk/mirror")
    unpacked(tmp_path / "disk/z-stack/.terraform/providers")
    assert ensure().path.resolve().is_relative_to(tmp_path / "disk/mirror")


def test_a_packed_copy_is_linked_as_it_is(ensure, tmp_path):
    archive = packed(tmp_path / "disk")
    source = ensure()
    assert source.path == tmp_path / "home/.terraform.d/plugins" / HOST / "hashicorp/aws" / archive.name
    assert source.path.resolve() == archive
    assert ensure(reachable=never).how == "mirror"


def test_a_copy_for_another_platform_or_without_a_program_does_not_fit(ensure, tmp_path):
    unpacked(tmp_path / "disk/a", platform="darwin_arm64")
    packed(tmp_path / "disk/b", platform="linux_arm64")
    next(unpacked(tmp_path / "disk/c").iterdir()).unlink()
    next(unpacked(tmp_path / "disk/d").iterdir()).chmod(0o644)
    with pytest.raises(ToolMissing):
        ensure()


def test_near_places_come_before_far_ones(ensure, tmp_path):
    near, far = unpacked(tmp_path / "near"), unpacked(tmp_path / "far", "5.101.0")
    source = ensure(roots=[tmp_path / "missing", tmp_path / "near", tmp_path / "far"])
    assert source.path.resolve() == near
    assert far.exists()


def test_links_are_not_followed_in_the_search(ensure, tmp_path):
    unpacked(tmp_path / "elsewhere")
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk/loop").symlink_to(tmp_path / "disk")
    (tmp_path / "disk/away").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ToolMissing):
        ensure()


def test_a_registry_that_answers_is_left_to_terraform(ensure, tmp_path):
    unpacked(tmp_path / "disk")
    asked = []
    assert ensure(reachable=lambda host: asked.append(host) is None) == ProviderSource("registry")
    assert asked == [HOST]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "mirror", ["home/.terraform.d/plugins", "home/.local/share/terraform/plugins", "share/terraform/plugins"]
)
def test_a_mirror_that_terraform_knows_is_enough(ensure, tmp_path, mirror):
    package = unpacked(tmp_path / mirror)
    assert ensure(reachable=never) == ProviderSource("mirror", "5.100.0", package)


def test_a_provider_installed_in_the_stack_is_enough(ensure, tmp_path):
    package = unpacked(tmp_path / "stack/.terraform/providers")
    source = ensure(directory=tmp_path / "stack", reachable=never)
    assert source == ProviderSource("installed", "5.100.0", package)


def test_a_link_whose_target_is_gone_is_replaced(ensure, tmp_path):
    link_in(tmp_path).parent.mkdir(parents=True)
    link_in(tmp_path).symlink_to(tmp_path / "gone")
    package = unpacked(tmp_path / "disk")
    assert ensure().how == "linked"
    assert link_in(tmp_path).resolve() == package


def test_what_is_in_the_way_is_named_and_kept(ensure, tmp_path):
    link_in(tmp_path).mkdir(parents=True)
    (link_in(tmp_path) / "notes.txt").touch()
    unpacked(tmp_path / "disk")
    with pytest.raises(ToolMissing, match="cannot be linked") as caught:
        ensure()
    assert str(link_in(tmp_path)) in caught.value.hint
    assert [path.name for path in link_in(tmp_path).parent.iterdir()] == [PLATFORM]


def test_nowhere_to_be_had_says_what_to_do(ensure, tmp_path):
    notes = []
    with pytest.raises(ToolMissing) as caught:
        ensure(on_note=notes.append)
    assert f"{HOST} does not answer" in caught.value.what
    assert str(tmp_path / "home/.terraform.d/plugins" / HOST) in caught.value.hint
    assert len(notes) == 1


def test_an_older_mirror_that_hides_the_registry_is_named(ensure, tmp_path):
    old = unpacked(tmp_path / "home/.terraform.d/plugins", "4.67.0")
    with pytest.raises(ToolMissing) as caught:
        ensure(reachable=never)
    assert str(old) in caught.value.what
    assert f"remove {old}" in caught.value.hint


@pytest.mark.parametrize("name", [".terraformrc", ".tofurc", "named"])
def test_the_user_s_own_provider_configuration_is_respected(ensure, tmp_path, name):
    home = tmp_path / "home"
    home.mkdir()
    (home / name).write_text(
        'provider_installation {\n  network_mirror {\n    url = "https://mirror"\n  }\n}\n'
    )
    environment = {"TF_CLI_CONFIG_FILE": str(home / name)} if name == "named" else {}
    assert ensure(environment=environment, reachable=never) == ProviderSource("configured")


def test_a_configuration_about_other_things_does_not_count(ensure, tmp_path):
    unpacked(tmp_path / "disk")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.terraformrc").write_text(
        "disable_checkpoint = true\n# provider_installation is not set\n"
    )
    assert ensure().how == "linked"


def test_implied_mirrors_follow_the_system_s_custom():
    home = Path("/home/ada")
    assert implied_mirrors({"XDG_DATA_HOME": "/data"}, home, Path("/stack"), system="linux") == [
        Path("/stack/terraform.d/plugins"),
        Path("/home/ada/.terraform.d/plugins"),
        Path("/data/terraform/plugins"),
        Path("/usr/local/share/terraform/plugins"),
        Path("/usr/share/terraform/plugins"),
    ]
    assert implied_mirrors({}, home, system="darwin") == [
        Path("/home/ada/.terraform.d/plugins"),
        Path("/home/ada/Library/Application Support/io.terraform/plugins"),
        Path("/Library/Application Support/io.terraform/plugins"),
    ]


@pytest.fixture
def server():
    """An HTTP server on loopback whose answer the test sets."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            served.answers.wait(60)
            with contextlib.suppress(BrokenPipeError):
                self.send_response(served.status)
                self.end_headers()
                self.wfile.write(served.body)

        def log_message(self, *_):
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.answers, served.status, served.body = threading.Event(), 200, b'{"providers.v1": "/v1/providers/"}'
    threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    served.answers.set()
    served.url = f"http://127.0.0.1:{served.server_address[1]}/.well-known/terraform.json"
    yield served
    served.shutdown()
    served.server_close()


def test_a_registry_is_reachable_when_it_offers_providers(server):
    assert registry_reachable(HOST, url=server.url)
    server.body = b"<html>sign in to the network</html>"
    assert not registry_reachable(HOST, url=server.url)
    server.status = 403
    assert not registry_reachable(HOST, url=server.url)


def test_a_slow_registry_is_not_waited_for(server):
    """It is given up though it would answer in a minute, and is found when it answers."""
    server.answers.clear()
    begun = time.monotonic()
    assert not registry_reachable(HOST, url=server.url, timeout_s=0.2)
    assert time.monotonic() - begun < 60
    server.answers.set()
    assert registry_reachable(HOST, url=server.url, timeout_s=60)


def test_a_registry_behind_a_closed_port_is_not_reachable():
    assert not registry_reachable(HOST, url="http://127.0.0.1:9/")
