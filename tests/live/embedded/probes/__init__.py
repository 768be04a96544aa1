"""One probe per correction: it holds with the correction and fails without it.

A probe makes its own resources under names of its own, asks moto as Terraform or `groma verify` would,
and asserts what AWS would answer. Its module and name are those of the correction.
"""
