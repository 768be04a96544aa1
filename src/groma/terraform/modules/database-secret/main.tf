# Drawn anew in every run; only the run that makes a new version keeps what it drew. Letters and digits alone need
# no quoting anywhere: RDS takes no "/", "@", '"' or space, and a connection URL stumbles over more than those.
ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 40 # 238 bits
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57: a new password has to reach the database in the same step, so Terraform rotates both: see password_version.
  name                    = var.name
  description             = "User name and password of the master user of ${var.name}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.deletion_protection ? 30 : 0

  dynamic "replica" {
    for_each = var.replicas

    content {
      region     = replica.key
      kms_key_id = replica.value
    }
  }

  tags = { Name = var.name }
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret.this.id

  secret_string_wo = jsonencode({
    username = var.username
    password = ephemeral.aws_secretsmanager_random_password.this.random_password
  })
  secret_string_wo_version = var.password_version
}

# What the secret really holds, whichever run put it there. The version's own ARN is not known before there is one,
# so that nothing is read too early.
ephemeral "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret_version.this.arn
}
