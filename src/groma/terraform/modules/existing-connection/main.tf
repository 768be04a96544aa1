# What the secret of a database that exists holds now: it stands in no state and no plan.
ephemeral "aws_secretsmanager_secret_version" "existing" {
  secret_id = var.secret_arn
}

module "secret" {
  source = "../connection-secret"

  name                = var.name
  kms_key_arn         = var.kms_key_arn
  login               = jsondecode(ephemeral.aws_secretsmanager_secret_version.existing.secret_string)
  existing_version    = var.secret_version
  deletion_protection = var.deletion_protection
}
