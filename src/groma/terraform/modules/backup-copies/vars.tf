variable "name" {
  description = "Name of the key; its alias is alias/<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_/-]{1,64}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "name must be 1 to 64 letters, digits, '-', '_' or '/', and must not begin with 'aws/', which AWS keeps for itself."
  }
}

variable "source_arn" {
  description = "ARN of the database instance, which keeps automated backups and stands in another region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:rds:[a-z0-9-]+:[0-9]{12}:db:.+$", var.source_arn))
    error_message = "source_arn must be the ARN of a database instance of RDS: arn:aws:rds:us-east-1:111122223333:db:shop."
  }
}

variable "retention_days" {
  description = "Days for which the copies are kept; another number makes them anew."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 35 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be 1 to 35, without a fraction."
  }
}
