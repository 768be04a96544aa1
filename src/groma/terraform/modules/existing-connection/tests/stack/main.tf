# The module behind a secret of a database, for its tests, with what it has written read back.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "name" {
  type = string
}

variable "kms_key_arn" {
  type = string
}

variable "password" {
  type    = string
  default = "p/w@1"
}

resource "aws_secretsmanager_secret" "standing" {
  #checkov:skip=CKV_AWS_149: it stands for what somebody made long ago, and lives for one test.
  #checkov:skip=CKV2_AWS_57: as above; nothing signs in with it.
  name                    = "${var.name}/standing"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "standing" {
  secret_id     = aws_secretsmanager_secret.standing.id
  secret_string = jsonencode({ engine = "postgres", host = "db.internal", port = 6432, username = "shop", password = var.password, dbname = "wares" })
}

module "connection" {
  source = "../.."

  name                = "${var.name}/connection"
  kms_key_arn         = var.kms_key_arn
  secret_arn          = aws_secretsmanager_secret_version.standing.arn
  secret_version      = aws_secretsmanager_secret_version.standing.version_id
  deletion_protection = false
}

data "aws_secretsmanager_secret_version" "written" {
  secret_id  = module.connection.arn
  depends_on = [module.connection]
}

output "version" {
  value = module.connection.version
}

output "written" {
  value     = jsondecode(data.aws_secretsmanager_secret_version.written.secret_string)
  sensitive = true
}
