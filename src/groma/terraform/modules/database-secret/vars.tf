variable "name" {
  description = "Name of the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name))
    error_message = "name must be 1 to 512 letters, digits, '/', '_', '+', '=', '.', '@' or '-'."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\"."
  }
}

variable "username" {
  description = "Name of the database's master user."
  type        = string
  default     = "administrator"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.username)) && !can(regex("^(admin$|pg_|rds)", var.username))
    error_message = "username must be 1 to 63 lower-case letters, digits or '_', begin with a letter, and be neither \"admin\" nor begin with \"pg_\" or \"rds\", which PostgreSQL and RDS keep for themselves."
  }
}

variable "password_version" {
  description = "Which password it is, counted from 1: raise it for a new one."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "password_version must be a whole number from 1 on."
  }
}

variable "replicas" {
  description = "Other regions in which the secret can be read under the same name: the ARN of the KMS key that encrypts it there, by region."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for region, arn in var.replicas : can(regex("^arn:[a-z-]+:kms:${region}:", arn))])
    error_message = "Each of replicas must be the ARN of a KMS key in the region that it stands under."
  }
}

variable "deletion_protection" {
  description = "Whether the secret can be restored for 30 days after it was deleted; its name is taken so long."
  type        = bool
  default     = true
  nullable    = false
}
