"""The examples of a published repository, joined in one root that makes them all at once."""

from __future__ import annotations

import re
from pathlib import Path

from groma.live.target import EmbeddedTarget, provider_aliases

_PROVIDER = re.compile(r'^provider "aws" \{\n.*?^\}\n+', re.MULTILINE | re.DOTALL)
_VERSIONS = """\
terraform {{
  required_providers {{
    aws = {{
      source                = "hashicorp/aws"
      configuration_aliases = [{aliases}]
    }}
  }}
}}
"""
_BACKEND = """\
terraform {{
  backend "s3" {{
    bucket                      = "{bucket}"
    key                         = "terraform.tfstate"
    region                      = "us-east-1"
    endpoints                   = {{ s3 = "{s3}" }}
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_requesting_account_id  = true
  }}
}}
"""


def keep_state(root: Path, target: EmbeddedTarget, bucket: str) -> None:
    """Lets a root keep its state in a bucket of the target, which is made.

    A local state is written whole at each of hundreds of steps, one in a bucket every now and then.
    """
    target.client("s3").create_bucket(Bucket=bucket)
    url = target.endpoints.url("s3")
    (root / "backend.tf").write_text(_BACKEND.format(bucket=bucket, s3=url))


def join(repository: Path, target: EmbeddedTarget) -> list[str]:
    """Makes of a repository's root one that calls each of its examples as a module, by its name.

    A provider is a process, so the examples share those that they speak of: they go from the examples to
    the root, where overrides lead them alone to the target's emulators. Returns the examples' names.
    """
    examples = sorted(path.parent for path in repository.glob("examples/*/main.tf"))
    texts = {path.name: (path / "main.tf").read_text() for path in examples}
    providers = dict.fromkeys(block.strip() for text in texts.values() for block in _PROVIDER.findall(text))
    (repository / "providers.tf").write_text("\n\n".join(providers) + "\n")
    aliases = provider_aliases([(repository / "providers.tf").read_text()])
    for name, text in target.overrides(aliases).items():
        (repository / name).write_text(text.partition('variable "')[0])
    (repository / "main.tf").write_text("\n".join(_call(name, text) for name, text in texts.items()))
    for path in examples:
        (path / "main.tf").write_text(_PROVIDER.sub("", texts[path.name]))
        (path / "versions.tf").write_text(_VERSIONS.format(aliases=", ".join(_names(texts[path.name]))))
    return list(texts)


def _call(name: str, text: str) -> str:
    """The call of an example, which is handed the providers that it configures by itself otherwise."""
    handed = ", ".join(f"{provider} = {provider}" for provider in ["aws", *_names(text)])
    return f'module "{name}" {{\n  source    = "./examples/{name}"\n  providers = {{ {handed} }}\n}}\n'


def _names(text: str) -> list[str]:
    return [f"aws.{alias}" for alias in provider_aliases([text])]
