"""The seam to an application that is deployed: what it ships, needs and may; nothing of any application.

    needs.py        functions, queues, table, rights and settings, each named by its role
    description.py  one application, as a value
    layout.py       where what it ships lies below a Terraform root
    journey.py      how its users are tried out where it is deployed
    sample.py       the application that comes with Groma: the only file that knows one

An application names things by role, such as `table.name`; whoever designs knows where each is.
"""

from groma.application.description import Application, Servers, Shipped
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
    "Application",
    "Fixed",
    "Function",
    "Http",
    "Queue",
    "Resource",
    "Right",
    "Schedule",
    "Servers",
    "Shipped",
    "Table",
    "filled",
]
