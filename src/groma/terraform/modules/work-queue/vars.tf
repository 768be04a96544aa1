variable "name" {
  description = "Name of the queue; its dead-letter queue is <name>-dead-letter."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,68}$", var.name))
    error_message = "name must be 1 to 68 letters, digits, '-' or '_': the dead-letter queue's has more behind it."
  }
}

variable "timeout_s" {
  description = "For how many seconds a message that somebody has taken is hidden from all others: within these it has to be done and deleted."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout_s >= 1 && var.timeout_s <= 43200
    error_message = "timeout_s must be 1 to 43,200, which is twelve hours."
  }
}

variable "max_receive_count" {
  description = "How often a message is tried before it goes to the dead-letter queue."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.max_receive_count >= 1 && var.max_receive_count <= 1000
    error_message = "max_receive_count must be 1 to 1,000."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts both queues; null for SQS's own key, which costs nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}
