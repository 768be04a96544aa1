variable "name" {
  description = "Name of the secret with the URLs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name)) && !can(regex("-[A-Za-z0-9]{6}$", var.name))
    error_message = "name must be 1 to 512 letters, digits or /_+=.@- and not end with '-' and six letters or digits: Secrets Manager takes that for a part of its ARN."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the secret with the URLs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "secret_arn" {
  description = "ARN of the secret of the database, JSON with host, port, username, password and dbname, and with replica_host where reads go elsewhere."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:secretsmanager:", var.secret_arn))
    error_message = "secret_arn must be the ARN of a secret."
  }
}

variable "secret_version" {
  description = "Id of the version that it has now: the URLs are written anew when this changes."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.secret_version) > 0
    error_message = "secret_version must not be empty."
  }
}

variable "deletion_protection" {
  description = "Whether the secret with the URLs can be restored for 30 days after it was deleted; its name is taken so long."
  type        = bool
  default     = true
  nullable    = false
}
