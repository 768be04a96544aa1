"""architecture → Terraform: a root that only calls modules, and the modules that it calls.

main.tf       one call per module, with comments that say which elements it makes
alarms.tf     the alarms as a map
vars.tf       region and deletion protection
outputs.tf    what the elements are found by
versions.tf   Terraform, provider and its default tags
servers/      what the servers run when they first start
modules/      the modules, written by hand
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from groma.alarms import alarms
from groma.answers import Alarm, Expression, ModuleCall, Ref, Template, Value
from groma.application import files as server_files
from groma.architecture import Architecture
from groma.terraform.hcl import block, quoted

PROVIDER_VERSION = "~> 5.100"
TERRAFORM_VERSION = ">= 1.11"


def render(architecture: Architecture) -> dict[str, str]:
    """The Terraform of an architecture: path below the root → text.

    Raises:
        ValueError: two components give different values for one argument of one module.
    """
    calls = module_calls(architecture)
    root = {
        "main.tf": _main(architecture, calls),
        "alarms.tf": _alarms(architecture),
        "vars.tf": _vars(architecture),
        "outputs.tf": _outputs(architecture),
        "versions.tf": _versions(architecture),
    }
    uses_servers = any(isinstance(v, Template) for call in calls.values() for v in call.arguments.values())
    modules = _modules({call.module for call in calls.values()})
    return {**root, **(server_files() if uses_servers else {}), **modules}


def module_calls(architecture: Architecture) -> dict[str, ModuleCall]:
    """The calls of all components, merged by name, in the order in which components first add to them."""
    merged: dict[str, ModuleCall] = {}
    for component in architecture.components:
        call = component.module(architecture)
        if call is None:
            continue
        before = merged.get(call.name, ModuleCall(call.name, call.module))
        if before.module != call.module:
            raise ValueError(f"module {call.name!r} is called from {before.module!r} and {call.module!r}")
        arguments = _merge(before.arguments, call.arguments, f"module.{call.name}")
        merged[call.name] = ModuleCall(call.name, call.module, arguments)
    return merged


def _merge(first: Mapping[str, Value], second: Mapping[str, Value], where: str) -> dict[str, Value]:
    merged = dict(first)
    for name, value in second.items():
        old = merged.get(name)
        if name not in merged:
            merged[name] = value
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[name] = _merge(old, value, f"{where}.{name}")
        elif isinstance(old, list) and isinstance(value, list):
            merged[name] = [*old, *value]
        elif old != value:
            raise ValueError(f"{where}.{name} is both {old!r} and {value!r}")
    return merged


def _main(architecture: Architecture, calls: Mapping[str, ModuleCall]) -> str:
    blocks = [f"# {architecture.name}: {architecture.blueprint} in {architecture.region}.\n"]
    for call in calls.values():
        made_by = [c.label for c in architecture.components if _adds_to(c.module(architecture), call)]
        header = f'# {", ".join(made_by)}\nmodule "{call.name}"'
        source = Ref(quoted(f"./modules/{call.module}"))
        name_first = dict(sorted(call.arguments.items(), key=lambda argument: argument[0] != "name"))
        blocks.append(block(header, {"source": source}, name_first))
    return "\n".join(blocks)


def _adds_to(own: ModuleCall | None, call: ModuleCall) -> bool:
    return own is not None and own.name == call.name


def _alarms(architecture: Architecture) -> str:
    table: dict[str, Value] = {alarm.id: _alarm(alarm) for alarm in alarms(architecture)}
    return block("locals", {"alarms": table})


def _alarm(alarm: Alarm) -> dict[str, Value]:
    watched: dict[str, Value]
    if isinstance(alarm.watches, Expression):
        metrics: dict[str, Value] = {
            name: {
                "namespace": metric.namespace,
                "metric": metric.name,
                "statistic": metric.statistic,
                "period_seconds": metric.period_s,
                "dimensions": dict(metric.dimensions),
            }
            for name, metric in alarm.watches.metrics.items()
        }
        label, formula = alarm.watches.label, alarm.watches.expression
        watched = {"expression": {"label": label, "expression": formula, "metrics": metrics}}
    else:
        metric = alarm.watches
        watched = {
            "namespace": metric.namespace,
            "metric": metric.name,
            "statistic": metric.statistic,
            "period_seconds": metric.period_s,
            "dimensions": dict(metric.dimensions),
        }
    return {
        "description": f"{alarm.title}: {alarm.because}",
        **watched,
        "comparison": alarm.comparison,
        "threshold": alarm.threshold,
        "evaluation_periods": alarm.evaluation_periods,
        "datapoints_to_alarm": alarm.datapoints,
        "missing_data": alarm.missing_data,
    }


def _vars(architecture: Architecture) -> str:
    return f"""variable "region" {{
  description = "AWS region of everything but CloudFront."
  type        = string
  default     = {quoted(architecture.region)}
  nullable    = false
}}

variable "deletion_protection" {{
  description = "Whether load balancers, database and bucket refuse to be destroyed with what they hold."
  type        = bool
  default     = true
  nullable    = false
}}
"""


def _versions(architecture: Architecture) -> str:
    return f'''terraform {{
  required_version = "{TERRAFORM_VERSION}"

  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{PROVIDER_VERSION}"
    }}
  }}
}}

provider "aws" {{
  region = var.region

  default_tags {{
    tags = {{
      Stack     = {quoted(architecture.name)}
      ManagedBy = "groma"
    }}
  }}
}}
'''


def _outputs(architecture: Architecture) -> str:
    blocks: dict[str, str] = {}
    for component in architecture.components:
        for name, reference in component.outputs().items():
            description = f"{name.replace('_', ' ').capitalize()} ({component.service})."
            blocks[name] = block(f'output "{name}"', {"description": description, "value": Ref(reference)})
    return "\n".join(blocks.values())


def _modules(names: Iterable[str]) -> dict[str, str]:
    """The hand-written modules, without their tests: path → text."""
    found: dict[str, str] = {}
    for name in sorted(names):
        folder = files("groma.terraform") / "modules" / name
        for file in _files_of(folder):
            found[f"modules/{name}/{file.name}"] = file.read_text(encoding="utf-8")
    return found


def _files_of(folder: Traversable) -> list[Traversable]:
    entries = (e for e in folder.iterdir() if e.is_file() and e.name.endswith((".tf", ".md", ".tftpl")))
    return sorted(entries, key=lambda entry: entry.name)
