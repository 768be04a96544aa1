from __future__ import annotations

import pytest
from moto import backends
from moto.core import responses
from moto.sts.responses import TokenResponse

from groma.live.embedded.quicker import remember_what_stays


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
