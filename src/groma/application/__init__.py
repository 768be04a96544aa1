"""The seam to an application that is deployed: what it ships, needs and may; nothing of any application.

    needs.py        functions, queues, table, rights and settings, each named by its role
    description.py  one application, as a value
    layout.py       where what it ships lies below a Terraform root
    boot/           what servers run on first boot, but for what an application adds
    journey.py      how its users are tried out where it is deployed
    sample.py       the application that comes with Groma: the only file that knows one
    own.py          an application of one's own, as it is stated; image.py: names of container images,
                    packed.py: a directory or an archive as a release, script.py: user data of one's own
    container.py    the same as a value of the description
    calendar.py     when commands are due, as systemd writes it
    times.py        what follows from that: how often, how far apart, and as AWS writes it
    choice.py       which of these a stack runs

An application names things by role, such as `table.name`; whoever designs knows where each is.
"""

from groma.application.description import (
    Allowed,
    Application,
    Archives,
    PortableApplication,
    Released,
    Servers,
    Shipped,
)
from groma.application.needs import (
    Fixed,
    Function,
    Http,
    Queue,
    Resource,
    Right,
    Schedule,
    Table,
    filled,
)

__all__ = [
    "Allowed",
    "Application",
    "Archives",
    "Fixed",
    "Function",
    "Http",
    "PortableApplication",
    "Queue",
    "Released",
    "Resource",
    "Right",
    "Schedule",
    "Servers",
    "Shipped",
    "Table",
    "filled",
]
