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

variable "kms_key_arn" {
  description = "ARN of a key of this region that encrypts the copies; AWS's own for RDS when null. It must stay as long as they do."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key: arn:aws:kms:us-west-2:111122223333:key/…"
  }
}
