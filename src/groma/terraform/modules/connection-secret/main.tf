locals {
  login = "${var.username}:${urlencode(var.password)}"
  urls = {
    url         = "postgresql://${local.login}@${var.database.writer}:${var.database.port}/${var.database.name}?sslmode=require"
    replica_url = "postgresql://${local.login}@${join(",", [for host in local.hosts : "${host}:${var.database.port}"])}/${var.database.name}?sslmode=require${local.spread}"
  }
  hosts = length(var.readers) > 0 ? var.readers : [coalesce(var.database.reader, var.database.writer)]

  # libpq from 16 on then takes another host for each connection, and the next one where that does not answer.
  spread = length(local.hosts) > 1 ? "&load_balance_hosts=random" : ""
  each   = [for host in var.readers : "postgresql://${local.login}@${host}:${var.database.port}/${var.database.name}?sslmode=require"]
  lists  = length(var.readers) > 0 ? { replica_urls = join(",", local.each) } : {}
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

  secret_string_wo = jsonencode(merge(local.urls, local.lists, { user = var.username, password = var.password }))

  # Written anew when anything of it is another; 28 bits of a hash are a whole number that Terraform keeps exactly.
  secret_string_wo_version = parseint(substr(sha256(jsonencode(concat([var.username, var.password_version, var.database], [for hosts in [var.readers] : hosts if length(hosts) > 0]))), 0, 7), 16)
}
