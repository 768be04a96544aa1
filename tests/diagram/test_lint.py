"""The lint passes what is good, and names every kind of fault in what is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_architectures import architectures, many_regions
from three_tier_sample import TITLE, three_tier

from groma.architecture import Architecture, Finding, Link
from groma.diagram import Layout, crossings_of, lay_out, lint
from groma.diagram.regions import collapse_regions
from groma.diagram.shapes import Box, Card, Frame, Route, Text

SAMPLE = three_tier()
LAYOUT = lay_out(SAMPLE, TITLE)


def faults(layout: Layout, architecture: Architecture = SAMPLE) -> list[str]:
    """Ids of what the lint finds wrong, without the crossings."""
    return [f.id for f in lint(layout, architecture) if not f.ok and f.severity == "error"]


def moved(box: Box, dx: float = 0.0, dy: float = 0.0) -> Box:
    return replace(box, x=box.x + dx, y=box.y + dy)


def with_card(layout: Layout, id_: str, change: Callable[[Card], Card]) -> Layout:
    return replace(layout, cards=tuple(change(c) if c.component == id_ else c for c in layout.cards))


def with_route(layout: Layout, start: str, change: Callable[[Route], Route]) -> Layout:
    return replace(layout, routes=tuple(change(r) if r.link.startswith(start) else r for r in layout.routes))


def with_frame(layout: Layout, id_: str, change: Callable[[Frame], Frame]) -> Layout:
    return replace(layout, frames=tuple(change(f) if f.id == id_ else f for f in layout.frames))


def card_of(id_: str) -> Card:
    return next(card for card in LAYOUT.cards if card.component == id_)


def moved_card(card: Card, dx: float, dy: float) -> Card:
    texts = tuple(replace(t, box=moved(t.box, dx, dy), baseline=t.baseline + dy) for t in card.texts)
    pictures = tuple(replace(p, box=moved(p.box, dx, dy)) for p in card.pictures)
    return replace(card, box=moved(card.box, dx, dy), texts=texts, pictures=pictures)


def moved_label(route: Route, dx: float, dy: float) -> Route:
    texts = tuple(replace(t, box=moved(t.box, dx, dy), baseline=t.baseline + dy) for t in route.texts)
    return replace(route, texts=texts, label=moved(route.label, dx, dy))


def onto_label(route: Route, other: str) -> Route:
    place = next(r.label for r in LAYOUT.routes if r.link == other)
    return moved_label(route, place.x - route.label.x, place.y - route.label.y)


def smaller(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    return tuple(replace(text, size=6.0) for text in texts)


def test_the_sample_is_clean_and_every_rule_says_so() -> None:
    findings = lint(LAYOUT, SAMPLE)
    assert [finding for finding in findings if not finding.ok] == []
    assert len(findings) == 22


def onto(card: Card, other: str, beside: float = 0.0) -> Card:
    """A card moved to where another one stands, or a little to its right."""
    (ax, ay), (bx, by) = card.box.centre, card_of(other).box.centre
    return moved_card(card, bx - ax + beside, by - ay)


def through_cards(route: Route) -> Route:
    """A line straight through the cards before the servers."""
    (ax, ay), (bx, by) = route.points[0], route.points[-1]
    y = card_of("web-lb").box.centre[1]
    return replace(route, points=((ax, ay), (ax, y), (bx, y), (bx, by)))


def along_border(route: Route) -> Route:
    left = next(frame.box.x for frame in LAYOUT.frames if frame.id == "zone-a")
    (ax, ay), (bx, by) = route.points[0], route.points[-1]
    return replace(route, points=((ax, ay), (left, ay), (left, by), (bx, by)))


def slanting(route: Route) -> Route:
    return replace(route, points=(route.points[0], route.points[-1]))


def short(route: Route) -> Route:
    (ax, ay), (bx, _) = route.points[0], route.points[-1]
    return replace(route, points=((ax, ay), ((ax + bx) / 2, ay)))


def through_network(route: Route) -> Route:
    """A line that goes to its end by way of the VPC."""
    vpc = next(frame.box for frame in LAYOUT.frames if frame.id == "vpc")
    (ax, ay), (bx, by), y = route.points[0], route.points[-1], vpc.centre[1]
    return replace(route, points=((ax, ay), (ax, y), (vpc.centre[0], y), (bx, y), (bx, by)))


def beside_member(route: Route) -> Route:
    """A line that ends at the height of the first of a group's members."""
    (bx, _), y = route.points[-1], card_of("app").pictures[0].box.centre[1]
    return replace(route, points=(*route.points[:-1], (route.points[-2][0], y), (bx, y)))


def saying(route: Route, *lines: str) -> Route:
    return replace(route, texts=tuple(replace(route.texts[0], content=line) for line in lines))


def onto_border(card: Card, frame: str) -> Card:
    """A card whose last line of text lies on the upper border of a frame."""
    top, text = next(f.box.y for f in LAYOUT.frames if f.id == frame), card.texts[-1]
    onto = replace(text, box=moved(text.box, 0, top - text.box.centre[1]))
    return replace(card, texts=(*card.texts[:-1], onto))


BROKEN: dict[str, Layout] = {
    "components-once/nat": replace(LAYOUT, cards=tuple(c for c in LAYOUT.cards if c.component != "nat")),
    "components-once/key": replace(LAYOUT, cards=(*LAYOUT.cards, card_of("key"))),
    "links-once/web-lb->web:HTTP": replace(
        LAYOUT, routes=tuple(r for r in LAYOUT.routes if not r.link.startswith("web-lb->"))
    ),
    "components-labelled/web": with_card(LAYOUT, "web", lambda c: replace(c, texts=c.texts[:-1])),
    "links-labelled/cdn->igw:HTTP": with_route(LAYOUT, "cdn->igw", lambda r: replace(r, texts=())),
    "links-connect/igw->web-lb:HTTP": with_route(LAYOUT, "igw->web-lb", short),
    "links-connect/nat->igw:egress": with_route(LAYOUT, "nat->igw", slanting),
    "texts-apart/nat": with_card(LAYOUT, "nat", lambda c: replace(c, texts=(*c.texts, c.texts[0]))),
    "cards-apart/key": with_card(LAYOUT, "secret", lambda c: onto(c, "key", 20)),
    "contents-inside/key": with_card(LAYOUT, "key", lambda c: replace(c, box=moved(c.box, 60, 0))),
    "contents-inside/users": with_card(LAYOUT, "users", lambda c: moved_card(c, -60, 0)),
    "contents-inside/vpc": with_frame(LAYOUT, "vpc", lambda f: replace(f, box=moved(f.box, 400, 0))),
    "lines-clear/mail->users:e-mail": with_route(LAYOUT, "mail->users", through_cards),
    "lines-clear/igw->web-lb:HTTP": with_route(
        LAYOUT, "web-lb->web", lambda r: onto_label(r, "igw->web-lb:HTTP")
    ),
    "lines-apart/nat->igw:egress": with_route(LAYOUT, "nat->igw", along_border),
    "lines-apart/cdn->igw:HTTP": replace(
        LAYOUT, routes=(*LAYOUT.routes, *(r for r in LAYOUT.routes if r.link.startswith("cdn->igw")))
    ),
    "labels-on-lines/app-lb->app:HTTP": with_route(LAYOUT, "app-lb->app", lambda r: moved_label(r, 0, 30)),
    "frames-nest/zone-b": with_frame(LAYOUT, "zone-b", lambda f: replace(f, box=moved(f.box, 0, 400))),
    "frames-nest/zone-a": with_frame(LAYOUT, "zone-b", lambda f: replace(f, box=moved(f.box, 0, -200))),
    "frames-nest/region": with_frame(LAYOUT, "region", lambda f: replace(f, texts=())),
    "cards-in-frames/nat": with_card(LAYOUT, "nat", lambda c: moved_card(c, -90, 0)),
    "cards-in-frames/web": with_card(LAYOUT, "web", lambda c: replace(c, pictures=c.pictures[:1])),
    "borders-clear/zone-b": with_card(LAYOUT, "web", lambda c: onto_border(c, "zone-b")),
    "texts-readable/site": with_card(LAYOUT, "site", lambda c: replace(c, texts=smaller(c.texts))),
    "icons-exist/nat": with_card(
        LAYOUT, "nat", lambda c: replace(c, pictures=(replace(c.pictures[0], icon="network/none"),))
    ),
    "words-whole/cdn->igw:HTTP": with_route(LAYOUT, "cdn->igw", lambda r: saying(r, "HT", "TP 420/s")),
    "words-whole/web-lb->web:HTTP": with_route(LAYOUT, "web-lb->web", lambda r: saying(r, "10.9", "k/s")),
    "rates-told/igw->web-lb:HTTP": with_route(LAYOUT, "igw->web-lb", lambda r: saying(r, "HTTP 0.0/s")),
    "networks-entered/mail->users:e-mail": with_route(LAYOUT, "mail->users", through_network),
    "groups-as-one/app-lb->app:HTTP": with_route(LAYOUT, "app-lb->app", beside_member),
    "legend-complete/egress": replace(LAYOUT, legend=tuple(s for s in LAYOUT.legend if s.flow != "egress")),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_layout_is_named(fault: str) -> None:
    assert f"diagram/{fault}" in faults(BROKEN[fault])


def test_every_rule_has_a_broken_layout_that_it_finds() -> None:
    rules = {finding.id.split("/")[1] for finding in lint(LAYOUT, SAMPLE)} - {"crossings"}
    assert rules == {fault.split("/")[0] for fault in BROKEN}


def test_components_on_top_of_each_other_are_found() -> None:
    found = faults(with_card(LAYOUT, "database-master", lambda card: onto(card, "database-replica")))
    assert "diagram/cards-apart/database-master" in found
    assert "diagram/cards-in-frames/database-master" in found


def test_crossings_are_counted_for_both_links() -> None:
    counts = crossings_of(LAYOUT)
    finding = next(f for f in lint(LAYOUT, SAMPLE) if f.id == "diagram/crossings")
    assert finding.actual.startswith(f"{sum(counts.values()) // 2} crossings")
    crossing = [(link, count) for link, count in counts.items() if count]
    assert crossing == [("web->alarms:metrics", 2), ("app->alarms:metrics", 2), ("mail->users:e-mail", 2)]


def test_many_crossings_are_a_warning() -> None:
    route = LAYOUT.routes[0]
    lines = [replace(route, link=f"h{n}", points=((0, 9 * n), (99, 9 * n))) for n in range(1, 9)]
    lines += [replace(route, link=f"v{n}", points=((9 * n, 0), (9 * n, 99))) for n in range(1, 9)]
    finding = lint(replace(LAYOUT, routes=tuple(lines)), SAMPLE)[-1]
    assert isinstance(finding, Finding)
    assert (finding.ok, finding.severity, finding.actual[:12]) == (False, "warning", "64 crossings")


GENERATED = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def check(architecture: Architecture) -> None:
    assert faults(lay_out(architecture, TITLE), architecture) == [], architecture


@pytest.mark.slow
@settings(GENERATED, max_examples=25)
@given(architectures())
def test_any_architecture_is_drawn_clean(architecture: Architecture) -> None:
    check(architecture)


@pytest.mark.slow
@settings(GENERATED, max_examples=400)
@given(architectures())
def test_hundreds_of_architectures_are_drawn_clean(architecture: Architecture) -> None:
    check(architecture)


@settings(GENERATED, max_examples=15)
@given(many_regions())
def test_many_regions_are_drawn_clean(architecture: Architecture) -> None:
    check(architecture)
    shown = collapse_regions(architecture)
    assert sum(place.kind == "region" for place in shown.places) < 4


@settings(GENERATED, max_examples=25)
@given(architectures())
def test_no_link_between_two_components_of_the_cloud_leaves_it(architecture: Architecture) -> None:
    layout = lay_out(architecture, TITLE)
    boxes = {card.component: card.box for card in layout.cards}
    cloud = next(frame.box for frame in layout.frames if frame.kind == "cloud")
    for route in layout.routes:
        if cloud.contains(boxes[route.source]) and cloud.contains(boxes[route.target]):
            assert all(cloud.contains(Box(*point, 0, 0)) for point in route.points), route.link


def test_a_link_from_a_component_to_itself_is_reported_as_missing() -> None:
    looped = three_tier(links=(*SAMPLE.links, Link("web", "web", "gossip")))
    assert faults(lay_out(looped, TITLE), looped) == ["diagram/links-once/web->web:gossip"]
