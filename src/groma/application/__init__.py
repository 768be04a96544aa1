"""The small application that a stack's servers run, as the files that Terraform needs to start it."""

from groma.application.servers import FILES, files, template

__all__ = ["FILES", "files", "template"]
