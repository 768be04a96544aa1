"""The application that comes with Groma says all that the seam asks for, and it fits together."""

from __future__ import annotations

from groma.application import Queue
from groma.application.layout import BOOT_FILES, FUNCTIONS_ARCHIVE, SERVER_ARCHIVE, SITE_CONTENT, archives
from groma.application.sample import built_in
from groma.workload import Workload, profiles


def test_its_request_classes_are_those_of_a_workload_that_names_no_profile() -> None:
    assert built_in().profile in profiles()
    assert built_in().profile == Workload.model_fields["profile"].default


def test_what_is_named_by_role_is_there() -> None:
    application = built_in()
    for name, function in application.functions.items():
        assert function.name == name
        if isinstance(function.trigger, Queue):
            assert application.queues[function.trigger.name] is function.trigger
    needs = (*application.functions.values(), application.servers, application.regional_servers)
    for right in (right for each in needs for right in each.rights):
        if right.resource.kind == "queue":
            assert right.resource.name in application.queues
        if right.resource.kind == "topic":
            assert right.resource.name in {queue.topic for queue in application.queues.values()}
        if right.resource.kind == "objects":
            assert right.resource.name in (application.uploads, application.published)
        if right.resource.kind == "index":
            assert right.resource.name == application.table.index
    assert set(application.limited_routes) < set(application.routes)
    assert {application.servers.puts_below, application.regional_servers.puts_below} <= {
        application.uploads,
        application.published,
    }


def test_it_ships_whatever_a_root_may_name() -> None:
    application = built_in()
    assert sorted(application.shipped.boot()) == sorted(BOOT_FILES)
    found = archives(application, f"{SERVER_ARCHIVE} {FUNCTIONS_ARCHIVE} {SITE_CONTENT}")
    assert {SERVER_ARCHIVE, FUNCTIONS_ARCHIVE, "functions/pictures.zip", "site/index.html"} < set(found)
    assert all(found.values())
