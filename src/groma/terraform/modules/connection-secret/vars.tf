variable "name" {
  description = "Name of the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name)) && !can(regex("-[A-Za-z0-9]{6}$", var.name))
    error_message = "name must be 1 to 512 letters, digits or /_+=.@- and not end with '-' and six letters or digits: Secrets Manager takes that for a part of its ARN."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "database" {
  description = "Where the database is: host names of the writer and of the reader (null: the writer reads, too), port and name."
  type = object({
    writer = string
    reader = optional(string)
    port   = number
    name   = string
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_]*$", var.database.name))
    error_message = "database.name must be letters, digits and '_', and begin with a letter."
  }
}

variable "readers" {
  description = "Host names of all copies that are read from, where there are several: the secret then holds replica_urls, too, one URL of each, with commas between. Empty for database.reader alone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.readers) == 0 || var.database.reader == null
    error_message = "readers takes the place of database.reader: leave one of them out."
  }
}

variable "username" {
  description = "Name of the user that signs in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.username))
    error_message = "username must be small letters, digits and '_', and begin with a letter."
  }
}

variable "password" {
  description = "Password of that user; ephemeral, so that it stands in no state and no plan."
  type        = string
  ephemeral   = true
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.password) >= 8
    error_message = "password must have at least 8 characters."
  }
}

variable "password_version" {
  description = "Which password it is: the secret is written anew when this changes."
  type        = number
  nullable    = false

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "password_version must be a whole number, counted from 1."
  }
}

variable "deletion_protection" {
  description = "Whether the secret can be restored for 30 days after it was deleted; its name is taken so long."
  type        = bool
  default     = true
  nullable    = false
}
