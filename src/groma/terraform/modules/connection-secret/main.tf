locals {
  # Of a database that exists its own secret says all of it; of one that is made the password alone is a secret.
  is_found = var.existing_version != null
  user     = local.is_found ? var.login.username : var.username
  password = local.is_found ? var.login.password : var.password
  writer   = local.is_found ? var.login.host : var.database.writer
  port     = local.is_found ? var.login.port : var.database.port
  name     = local.is_found ? var.login.dbname : var.database.name
  reader   = local.is_found ? coalesce(var.login.replica_host, local.writer) : coalesce(var.database.reader, local.writer)

  login = "${urlencode(local.user)}:${urlencode(local.password)}"
  urls = {
    url         = "postgresql://${local.login}@${local.writer}:${local.port}/${local.name}?sslmode=require"
    replica_url = "postgresql://${local.login}@${join(",", [for host in local.hosts : "${host}:${local.port}"])}/${local.name}?sslmode=require${local.spread}"
  }
  hosts = length(var.readers) > 0 ? var.readers : [local.reader]

  # libpq from 16 on then takes another host for each connection, and the next one where that does not answer.
  spread = length(local.hosts) > 1 ? "&load_balance_hosts=random" : ""
  each   = [for host in var.readers : "postgresql://${local.login}@${host}:${local.port}/${local.name}?sslmode=require"]
  lists  = length(var.readers) > 0 ? { replica_urls = join(",", local.each) } : {}

  # Where a database is that exists nobody else can say.
  places = local.is_found ? { host = local.writer, replica_host = local.reader, port = tostring(local.port), name = local.name, replica_urls = local.urls.replica_url } : {}

  # What it hangs on, without what is secret.
  told = local.is_found ? jsonencode(var.existing_version) : jsonencode(concat([var.username, var.password_version, var.database], [for hosts in [var.readers] : hosts if length(hosts) > 0]))
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

  secret_string_wo = jsonencode(merge(local.urls, local.lists, local.places, { user = local.user, password = local.password }))

  # Written anew when anything of it is another; 28 bits of a hash are a whole number that Terraform keeps exactly.
  secret_string_wo_version = parseint(substr(sha256(local.told), 0, 7), 16)
}
