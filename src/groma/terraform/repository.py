"""All modules as one repository, in the layout that Terraform's registry expects.

README.md  main.tf  LICENSE  CHANGELOG.md      the root, which makes nothing itself
modules/<name>/                                each module with its README and tests
examples/<name>/                               the example of each module's README, ready to be applied
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from groma.terraform.versions import PROVIDER, WRITE_ONLY

MARK = "<!-- published by groma -->"
"""By this line of its README a repository is known as one that Groma may write to."""

_EXAMPLE = re.compile(r"```hcl\n(.*?)```", re.DOTALL)
_CALLED = re.compile(r'"\./modules/([\w-]+)"')
_BESIDE = re.compile(r'"\$\{path\.module\}/([\w.-]+)"')


def repository() -> dict[str, bytes]:
    """Everything but licence and changelog: path → content."""
    modules = {path: content for name in module_names() for path, content in _module(name)}
    readmes = {name: modules[f"modules/{name}/README.md"].decode() for name in module_names()}
    examples = {
        path: content for name, text in readmes.items() for path, content in _example(name, text, modules)
    }
    root = {"README.md": _readme(readmes).encode(), "main.tf": _MAIN.encode()}
    return {**root, **examples, **modules}


def example(readme: str) -> str:
    """The example of a module's README: a whole root, which calls modules in `./modules`; "" for none."""
    found = _EXAMPLE.search(readme)
    return found[1] if found else ""


def files_beside(example: str, modules: Mapping[str, bytes]) -> dict[str, bytes]:
    """What an example names beside itself (`${path.module}/…`): path → content.

    Such a file, or folder, lies among the tests of one of the modules that the example calls; `modules`
    are those of the repository.
    """
    found: dict[str, bytes] = {}
    for module in _CALLED.findall(example):
        tests = f"modules/{module}/tests/"
        for path, content in modules.items():
            name = path.removeprefix(tests)
            if name != path and name.partition("/")[0] in _BESIDE.findall(example):
                found.setdefault(name, content)
    return found


def module_names() -> tuple[str, ...]:
    """All modules that have a README, by name."""
    folders = (files("groma.terraform") / "modules").iterdir()
    return tuple(sorted(f.name for f in folders if f.is_dir() and (f / "README.md").is_file()))


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """What happened to the modules between two repositories, a line each."""
    old, new = _by_module(before), _by_module(after)
    lines = [f"- added `{name}`" for name in sorted(new.keys() - old.keys())]
    lines += [f"- changed `{name}`" for name in sorted(new.keys() & old.keys()) if new[name] != old[name]]
    lines += [f"- removed `{name}`" for name in sorted(old.keys() - new.keys())]
    return lines or ["- nothing but the version"]


def changelog(before: str, version: str, day: str, lines: list[str]) -> str:
    """The changelog with one more version on top; `day` is ISO."""
    head = "# Changes\n"
    entry = f"\n## {version} ({day})\n\n" + "\n".join(lines) + "\n"
    return head + entry + before.removeprefix(head)


def _by_module(contents: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    for path, content in contents.items():
        if path.startswith("modules/"):
            found.setdefault(path.split("/")[1], {})[path] = content
    return found


def _module(name: str) -> Iterator[tuple[str, bytes]]:
    yield from _contents(files("groma.terraform") / "modules" / name, f"modules/{name}")


def _contents(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """All files below a folder but hidden ones, which Terraform and Python leave behind."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            yield from _contents(entry, f"{path}/{entry.name}")
        else:
            yield f"{path}/{entry.name}", entry.read_bytes()


def _example(name: str, readme: str, modules: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    text = example(readme)
    if text:
        yield f"examples/{name}/main.tf", text.replace('"./modules/', '"../../modules/').encode()
    for path, content in files_beside(text, modules).items():
        yield f"examples/{name}/{path}", content


def _readme(readmes: Mapping[str, str]) -> str:
    rows = [f"| [{name}](modules/{name}) | {_first_sentence(text)} |" for name, text in readmes.items()]
    return "\n".join([_README, "| Module | What it makes |", "| --- | --- |", *rows, "", MARK, ""])


def _first_sentence(readme: str) -> str:
    """The first sentence below a README's heading, on one line."""
    paragraph = readme.split("\n\n")[1].replace("\n", " ").strip()
    return re.split(r"(?<=\.)\s", paragraph, maxsplit=1)[0]


_README = f"""\
# Terraform modules for AWS

Small modules with few variables, each validated, encrypted where it can be, and tested. Call the ones you
need, each at a version:

```hcl
module "network" {{
  source = "git::https://example.com/terraform-aws-modules.git//modules/network?ref=v1.2.0"
  # …
}}
```

Each module's README lists its inputs and outputs and begins with an example, which also lies in
`examples/`. Terraform or OpenTofu {WRITE_ONLY} or newer; the AWS provider `{PROVIDER}`.
"""

_MAIN = """\
# Nothing is made here: call one of modules/*. The registry reads this folder as the root module.
"""
