# The module as a stack calls it, for its tests: a module with an ephemeral output cannot be run by itself.
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

variable "username" {
  type    = string
  default = "administrator"
}

variable "password_version" {
  type    = number
  default = 1
}

variable "deletion_protection" {
  type    = bool
  default = true
}

module "database_secret" {
  source = "../.."

  name                = var.name
  kms_key_arn         = var.kms_key_arn
  username            = var.username
  password_version    = var.password_version
  deletion_protection = var.deletion_protection
}

# Takes the password the way a database does, and can be read back.
resource "aws_ssm_parameter" "taken" {
  name             = "/${var.name}/taken"
  type             = "SecureString"
  key_id           = var.kms_key_arn
  value_wo         = module.database_secret.password
  value_wo_version = module.database_secret.version

  lifecycle {
    precondition {
      condition     = can(regex("^[A-Za-z0-9]{40}$", module.database_secret.password))
      error_message = "The password must be 40 letters and digits."
    }
  }
}

output "secret_arn" {
  value = module.database_secret.secret_arn
}

output "username" {
  value = module.database_secret.username
}

output "version" {
  value = module.database_secret.version
}
