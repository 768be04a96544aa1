"""Sizes, colours and line styles. Text colours have a contrast of at least 4.5 : 1 (WCAG AA)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from groma.architecture import Flow
from groma.diagram.shapes import FrameKind, Ink

NAME, BODY, LABEL, TITLE, NOTE = 14.0, 12.0, 12.0, 13.0, 12.0
"""Sizes of text: a component's name, its details, links, frames, notes in frames."""

SMALLEST = min(NAME, BODY, LABEL, TITLE, NOTE)
PAGE_WIDTH, READABLE = 1600.0, 9.0
"""No text may be smaller than READABLE pixels when the picture is as wide as its page: PAGE_WIDTH pixels, or
√2 times as many for several regions, which are drawn for paper of twice the area."""

WIDEST = SMALLEST * PAGE_WIDTH / READABLE
COMFORTABLE = SMALLEST * PAGE_WIDTH / 10.0
ICON, FRAME_ICON = 44.0, 20.0
LINE_GAP = 3.0
"""Least distance of a line from anything that it does not belong to."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How a flow is drawn, and what the legend calls it."""

    colour: str
    width: float
    dashes: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FrameStyle:
    """Border, fill and title colour of a kind of frame."""

    border: str
    fill: str
    ink: str
    dashes: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of a drawing."""

    page: str
    card: str
    card_border: str
    icon_plate: str
    group: str
    inks: Mapping[Ink, str]
    flows: Mapping[Flow, Pen]
    frames: Mapping[FrameKind, FrameStyle]


def _flows(request: str, reply: str, egress: str, replication: str, control: str) -> dict[Flow, Pen]:
    return {
        "request": Pen(request, 1.6, "", "request"),
        "reply": Pen(reply, 1.2, "", "reply"),
        "egress": Pen(egress, 1.1, "", "traffic out to the internet"),
        "replication": Pen(replication, 1.6, "7 4", "replication"),
        "control": Pen(control, 1.4, "1.5 4", "monitoring and control"),
    }


LIGHT = Theme(
    page="#FFFFFF",
    card="#FFFFFF",
    card_border="#CBD5DC",
    icon_plate="none",
    group="#C2570C",
    inks={"title": "#16202B", "text": "#1F2A37", "muted": "#4B5967", "accent": "#A34408", "frame": "#16202B"},
    flows=_flows("#27364A", "#4B5967", "#6B4FA3", "#3B48B8", "#B0256B"),
    frames={
        "cloud": FrameStyle("#242F3E", "none", "#242F3E", icon="aws"),
        "region": FrameStyle("#00807F", "none", "#00696A", "5 4"),
        "vpc": FrameStyle("#8C4FFF", "none", "#6A2FD0", icon="network/vpc"),
        "zone": FrameStyle("#3A7CA5", "none", "#1F5F86", "5 4"),
        "public-subnet": FrameStyle("#7AA116", "#F1F6E6", "#456208", icon="network/public-subnet"),
        "private-subnet": FrameStyle("#1A8FA0", "#E7F4F7", "#0A6372", icon="network/private-subnet"),
        "operations": FrameStyle("#AAB4BE", "#F7F8FA", "#4B5967", "3 3"),
    },
)

DARK = Theme(
    page="#11181F",
    card="#1D2833",
    card_border="#465564",
    icon_plate="#F4F7FA",
    group="#F2A25C",
    inks={"title": "#F4F7FA", "text": "#EDF2F7", "muted": "#B4C0CC", "accent": "#F7B67C", "frame": "#F4F7FA"},
    flows=_flows("#D5DEE8", "#B4C0CC", "#C3AEF2", "#A9B4FF", "#FF9BC8"),
    frames={
        "cloud": FrameStyle("#9AA8B6", "none", "#E3EAF1", icon="aws"),
        "region": FrameStyle("#35B5B3", "none", "#6FD6D4", "5 4"),
        "vpc": FrameStyle("#A57BFF", "none", "#C6ABFF", icon="network/vpc"),
        "zone": FrameStyle("#5FA4CF", "none", "#93C8EA", "5 4"),
        "public-subnet": FrameStyle("#93BD2C", "#19241A", "#B5DB58", icon="network/public-subnet"),
        "private-subnet": FrameStyle("#38AFC0", "#14252C", "#7BD5E2", icon="network/private-subnet"),
        "operations": FrameStyle("#5E6C7A", "#161F28", "#B4C0CC", "3 3"),
    },
)


def adaptive() -> tuple[Theme, str]:
    """A theme whose colours are CSS variables, and the style sheet that sets them as the reader prefers."""
    light: list[str] = []
    dark: list[str] = []

    def either(name: str, a: str, b: str) -> str:
        light.append(f"--diagram-{name}:{a};")
        dark.append(f"--diagram-{name}:{b};")
        return f"var(--diagram-{name})"

    names = ("page", "card", "card_border", "icon_plate", "group")
    plain = {
        name: either(name.replace("_", "-"), getattr(LIGHT, name), getattr(DARK, name)) for name in names
    }
    inks = {ink: either(f"ink-{ink}", LIGHT.inks[ink], DARK.inks[ink]) for ink in LIGHT.inks}
    flows = {
        flow: replace(pen, colour=either(f"flow-{flow}", pen.colour, DARK.flows[flow].colour))
        for flow, pen in LIGHT.flows.items()
    }
    frames = {}
    for kind, look in LIGHT.frames.items():
        parts = {part: either(f"{kind}-{part}", getattr(look, part), getattr(DARK.frames[kind], part))
                 for part in ("border", "fill", "ink")}  # fmt: skip
        frames[kind] = replace(look, **parts)
    sheet = f":root{{{''.join(light)}}}@media(prefers-color-scheme:dark){{:root{{{''.join(dark)}}}}}"
    return Theme(**plain, inks=inks, flows=flows, frames=frames), sheet
