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
  description = "Where the database is, unless it exists already: host names of the writer and of the reader (null: the writer reads, too), port and name."
  type = object({
    writer = string
    reader = optional(string)
    port   = number
    name   = string
  })
  default = null

  validation {
    condition     = var.database == null || can(regex("^[a-zA-Z][a-zA-Z0-9_]*$", var.database.name))
    error_message = "database.name must be letters, digits and '_', and begin with a letter."
  }
}

variable "login" {
  description = "What the secret of a database that exists already says: it takes the place of database, username, password and password_version. Ephemeral, so that it stands in no state and no plan."
  type = object({
    host         = string
    replica_host = optional(string)
    port         = optional(number, 5432)
    username     = string
    password     = string
    dbname       = string
  })
  ephemeral = true
  sensitive = true
  default   = null

  validation {
    condition     = var.login == null || try(length(var.login.host) > 0 && length(var.login.password) > 0, false)
    error_message = "login must have a host and a password."
  }
}

variable "existing_version" {
  description = "Which version of that other secret login is of: the secret is written anew when this changes. null for a database that is made."
  type        = string
  default     = null

  validation {
    condition     = (var.existing_version == null) == (var.database != null)
    error_message = "Give either database with username, password and password_version, or login with existing_version."
  }
}

variable "readers" {
  description = "Host names of all copies that are read from, where there are several: the secret then holds replica_urls, too, one URL of each, with commas between. Empty for database.reader alone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.readers) == 0 || try(var.database.reader, null) == null
    error_message = "readers takes the place of database.reader: leave one of them out."
  }
}

variable "username" {
  description = "Name of the user that signs in to a database that is made."
  type        = string
  default     = null

  validation {
    condition     = var.username == null || can(regex("^[a-z][a-z0-9_]*$", var.username))
    error_message = "username must be small letters, digits and '_', and begin with a letter."
  }
}

variable "password" {
  description = "Password of that user; ephemeral, so that it stands in no state and no plan."
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null

  validation {
    condition     = var.password == null || try(length(var.password) >= 8, false)
    error_message = "password must have at least 8 characters."
  }
}

variable "password_version" {
  description = "Which password it is: the secret is written anew when this changes."
  type        = number
  default     = null

  validation {
    condition     = var.password_version == null || try(var.password_version >= 1 && floor(var.password_version) == var.password_version, false)
    error_message = "password_version must be a whole number, counted from 1."
  }
}

variable "deletion_protection" {
  description = "Whether the secret can be restored for 30 days after it was deleted; its name is taken so long."
  type        = bool
  default     = true
  nullable    = false
}
