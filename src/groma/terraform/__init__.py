"""architecture → Terraform: a root that only calls modules, and the modules that it calls.

main.tf       one call per module, with comments that say which elements it makes
alarms.tf     the alarms as maps
vars.tf       region and deletion protection
outputs.tf    what the elements are found by
versions.tf   Terraform, provider and its default tags
backend.tf    the bucket in which a team keeps the state, where the workload names one
servers/      what the servers run when they first start
modules/      the modules, written by hand, unless they are called from a published repository

    alarms.py       alarms as the module takes them
    account.py      what an account asks of them: a boundary on roles, a key of its own
    calls.py        components → calls of modules
    effects.py      what changing a variable does to a stack that stands
    hcl.py          values as HCL
    backend.py      where Terraform keeps its state
    versions.py     which Terraform and which provider
    readme.py       the inputs and outputs of a module's README
    repository.py   all modules as one repository
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

from groma.answers import Ref, Value
from groma.application.layout import SERVERS, boot_files
from groma.architecture import Architecture
from groma.errors import InputError
from groma.terraform.alarms import alarm_tables
from groma.terraform.backend import BACKEND_FILE, backend
from groma.terraform.calls import Call, alias, module_calls, outputs
from groma.terraform.hcl import block, quoted
from groma.terraform.versions import WRITE_ONLY, terraform_block
from groma.words import abridged
from groma.workload import State

_CALLED = re.compile(r'^  source = "\.\./([\w-]+)"$', re.MULTILINE)
"""How one module calls another."""


def render(architecture: Architecture, state: State | None = None, modules: str = "") -> dict[str, str]:
    """The Terraform of an architecture: path below the root → text.

    Args:
        architecture: what is to stand.
        state: the bucket that keeps Terraform's state; None keeps it beside the root.
        modules: where the modules are published, as a source of Terraform without a module's name
            (`git::https://example.com/modules.git//modules?ref=v1.2.0`); empty for copies in `modules/`.

    Raises:
        ValueError: two components give different values for one argument of one module.
    """
    calls = module_calls(architecture)
    root = {
        "main.tf": _main(architecture, calls, modules),
        "alarms.tf": block("locals", alarm_tables(architecture)),
        "vars.tf": _vars(architecture),
        "outputs.tf": _outputs(architecture),
        "versions.tf": _versions(architecture, calls),
    }
    if state is not None:
        root[BACKEND_FILE] = backend(state, architecture.name)
    copies = {} if modules else _modules({call.module for call in calls.values()})
    return {**root, **_files_named(root["main.tf"], architecture), **copies}


def _files_named(main: str, architecture: Architecture) -> dict[str, str]:
    """What servers run, as far as the root reads it."""
    if f"/{SERVERS}/" not in main:
        return {}
    return {path: text for path, text in boot_files(architecture.application).items() if path in main}


def modules_by_name(names: Sequence[str], where: str) -> dict[str, str]:
    """Some of the modules by themselves, with those that they call: path below a root → text.

    Raises:
        InputError: there is no such module, or none is named; `where` is where that was said.
    """
    known = {each.name for each in (files("groma.terraform") / "modules").iterdir() if each.is_dir()}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        what = f"there is no module {abridged(unknown[0])}" if unknown else "names no module"
        raise InputError(what, where=where, hint=f"choose of {', '.join(sorted(known))}")
    return _modules(names)


def module_source(modules: str, name: str) -> str:
    """The source of one module: `git::…//modules/network?ref=v1.2.0`; without `modules` a local copy."""
    folder, mark, reference = modules.partition("?")
    return f"{folder.rstrip('/')}/{name}{mark}{reference}" if modules else f"./modules/{name}"


def _main(architecture: Architecture, calls: Mapping[str, Call], modules: str) -> str:
    regions = " and ".join(architecture.regions)
    blocks = [f"# {architecture.name}: {architecture.blueprint} in {regions}.\n"]
    for call in calls.values():
        header = f'# {", ".join(call.makes)}\nmodule "{call.name}"'
        source: dict[str, Value] = {"source": Ref(quoted(module_source(modules, call.module)))}
        groups = [source]
        if call.providers:
            groups.append({"providers": _providers(call, architecture)})
        groups.append(dict(sorted(call.arguments.items(), key=lambda argument: argument[0] != "name")))
        blocks.append(block(header, *groups))
    return "\n".join(blocks)


def _providers(call: Call, architecture: Architecture) -> Ref:
    """Which provider of the root each provider of a module is; its keys are no strings."""
    width = max(len(name) for name in call.providers)
    pairs = [
        f"{name.ljust(width)} = {'aws' if region == architecture.region else f'aws.{alias(region)}'}"
        for name, region in call.providers.items()
    ]
    return Ref("{\n" + "".join(f"    {pair}\n" for pair in pairs) + "  }")


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


def _versions(architecture: Architecture, calls: Mapping[str, Call]) -> str:
    regions = dict.fromkeys(region for call in calls.values() for region in call.providers.values())
    others = [region for region in regions if region != architecture.region]
    tags: dict[str, Value] = {"Stack": architecture.name, "ManagedBy": "groma", **architecture.tags}
    return f"""{terraform_block(WRITE_ONLY)}
{block("locals", {"tags": tags})}
provider "aws" {{
  region = var.region

  default_tags {{
    tags = local.tags
  }}
}}
{"".join(_aliased(region) for region in others)}"""


def _aliased(region: str) -> str:
    return f'''
provider "aws" {{
  alias  = "{alias(region)}"
  region = "{region}"

  default_tags {{
    tags = local.tags
  }}
}}
'''


def _outputs(architecture: Architecture) -> str:
    blocks: dict[str, str] = {}
    for name, (reference, service) in outputs(architecture).items():
        description = f"{name.replace('_', ' ').capitalize()} ({service})."
        blocks[name] = block(f'output "{name}"', {"description": description, "value": reference})
    return "\n".join(blocks.values())


def _modules(names: Iterable[str]) -> dict[str, str]:
    """The hand-written modules and those that they call, without their tests: path → text."""
    found: dict[str, str] = {}
    wanted, seen = sorted(names), set[str]()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        for file in _files_of(files("groma.terraform") / "modules" / name):
            text = file.read_text(encoding="utf-8")
            found[f"modules/{name}/{file.name}"] = text
            if file.name.endswith(".tf"):
                wanted += set(_CALLED.findall(text)) - seen
    return dict(sorted(found.items()))


def _files_of(folder: Traversable) -> list[Traversable]:
    kinds = (".tf", ".md", ".tftpl", ".sh")
    entries = (e for e in folder.iterdir() if e.is_file() and e.name.endswith(kinds))
    return sorted(entries, key=lambda entry: entry.name)
