# What exists is found and left alone: the secret is never written, and the database behind it is never asked.
data "aws_secretsmanager_secret" "this" {
  name = var.secret
}

# Which versions there are, not what they hold: who copies from it writes anew by the number.
data "aws_secretsmanager_secret_versions" "this" {
  secret_id = data.aws_secretsmanager_secret.this.arn
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  current = one([for each in data.aws_secretsmanager_secret_versions.this.versions : each.version_id if contains(each.version_stages, "AWSCURRENT")])

  ways_out = {
    for each in setproduct(keys(var.client_security_group_ids), var.security_group_id == null ? var.address_ranges : []) :
    "${each[0]} ${each[1]}" => { client = each[0], range = each[1] }
  }
}
