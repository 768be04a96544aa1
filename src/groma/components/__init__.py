"""One file per AWS service. Each component answers the questions of `groma.architecture.Component`:
what it costs, what it can carry, what can fail and which alarm says so, what its Terraform module takes,
and which icon and label it has.
"""
