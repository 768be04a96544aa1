locals {
  login = "${var.username}:${urlencode(var.password)}"
  urls = {
    url         = "postgresql://${local.login}@${var.database.writer}:${var.database.port}/${var.database.name}?sslmode=require"
    replica_url = "postgresql://${local.login}@${coalesce(var.database.reader, var.database.writer)}:${var.database.port}/${var.database.name}?sslmode=require"
  }
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57: it holds another secret's password, and changes with that: see password_version.
  name                    = var.name
  description             = "How to connect to the database: URLs of the writer and of the reader, user and password"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.deletion_protection ? 30 : 0

  tags = { Name = var.name }
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret.this.id

  secret_string_wo = jsonencode(merge(local.urls, { user = var.username, password = var.password }))

  # Written anew when anything of it is another; 28 bits of a hash are a whole number that Terraform keeps exactly.
  secret_string_wo_version = parseint(substr(sha256(jsonencode([var.username, var.password_version, var.database])), 0, 7), 16)
}
