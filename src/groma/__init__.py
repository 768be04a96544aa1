"""Groma turns a description of an application's load into AWS infrastructure.

    import groma

    workload = groma.load("groma.yaml")
    design = groma.design(workload)
    groma.bill(design.architecture).monthly_usd
    groma.check(design.architecture)
    groma.draw(design)                        # SVG text
    groma.render(design.architecture)         # Terraform: path → text

Nothing is imported before it is used, so that `import groma` takes no time.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groma.bill import bill as bill
    from groma.check import check as check
    from groma.errors import GromaError as GromaError
    from groma.monitoring import alarms as alarms
    from groma.report.documents import draw as draw
    from groma.simulation.certified import design as design
    from groma.terraform import render as render
    from groma.workload import load as load

__version__ = "0.1.0"

_PUBLIC = {
    "GromaError": "groma.errors",
    "alarms": "groma.monitoring",
    "bill": "groma.bill",
    "check": "groma.check",
    "design": "groma.simulation.certified",
    "draw": "groma.report.documents",
    "load": "groma.workload",
    "render": "groma.terraform",
}

__all__ = ["GromaError", "alarms", "bill", "check", "design", "draw", "load", "render"]


class _Package(ModuleType):
    """This package. Its public functions are found at their first use, and keep their names: importing
    the module `groma.design` does not put that module in the place of the function `groma.design`.
    """

    def __getattr__(self, name: str) -> Any:
        if name not in _PUBLIC:
            raise AttributeError(f"module 'groma' has no attribute {name!r}")
        return getattr(import_module(_PUBLIC[name]), name)

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
