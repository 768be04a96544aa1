"""The fixture `app`: every behaviour test runs against each host that has a file `<name>_host.py` here."""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import pytest
from behaviour import App

HERE = Path(__file__).parent
HOSTS = sorted(file.stem for file in HERE.glob("*_host.py"))


class Running:
    """The host that runs now, for all files: one at a time, since two would share the AWS in this process."""

    def __init__(self) -> None:
        self._name, self._app, self._ends = "", None, ExitStack()

    def app(self, name: str, factory: pytest.TempPathFactory) -> App:
        """This host; started unless it runs, when what ran before has ended."""
        if self._app is None or name != self._name:
            self.end()
            host = import_module(name)
            ask, code = self._ends.enter_context(host.opened(factory.mktemp(name)))
            self._name, self._app = name, App(ask, code, host.SETTLE_S, host.THUMBNAILS)
        return self._app

    def end(self) -> None:
        """Nothing runs."""
        self._app = None
        self._ends.close()


RUNNING = Running()


def _params() -> list[object]:
    return [
        pytest.param(host, id=host.removesuffix("_host"), marks=import_module(host).MARKS) for host in HOSTS
    ]


@pytest.fixture(scope="session", params=_params())
def host(request: pytest.FixtureRequest) -> str:
    """A host's name; the tests of all files against one follow each other, since a session has it."""
    return str(request.param)


@pytest.fixture
def app(host: str, tmp_path_factory: pytest.TempPathFactory) -> App:
    """A host that runs."""
    return RUNNING.app(host, tmp_path_factory)


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The last test of this room ends what runs."""
    if nextitem is None or nextitem.path.parent != HERE:
        RUNNING.end()
