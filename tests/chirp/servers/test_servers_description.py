"""The settings that the description names are those that the servers read, no more and no less."""

from __future__ import annotations

import re

import pytest

from chirp.servers.settings import Common, Settings
from chirp.shipping.boot import boot_files
from chirp.shipping.servers import REGIONAL_SERVERS, SERVERS
from chirp.world.settings import WorldSettings
from groma.application import Servers


@pytest.mark.parametrize(
    ("servers", "host"), [(SERVERS, Settings), (REGIONAL_SERVERS, WorldSettings)], ids=["one", "several"]
)
def test_every_setting_is_read_and_every_variable_is_given(
    servers: Servers, host: type[Settings] | type[WorldSettings]
) -> None:
    of_the_boot = dict(re.findall(r"^([A-Z_]+)=(\S+)$", _environment(), re.MULTILINE))
    told = of_the_boot | dict.fromkeys(servers.settings, "1") | {"PORT": "8080"}
    told |= {"DATABASE_PRIMARIES": "true"} if "DATABASE_PRIMARIES" in servers.settings else {}
    assert isinstance(host.from_environment(told), Common)
    for name in servers.settings:
        with pytest.raises(KeyError, match=name):
            host.from_environment({key: value for key, value in told.items() if key != name})


def _environment() -> str:
    """The part of the boot template that says the environment."""
    return boot_files()["app.sh.tftpl"].partition("<<'ENVIRONMENT'\n")[2].partition("\nENVIRONMENT\n")[0]
