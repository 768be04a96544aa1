variable "name" {
  description = "Name of the schedule."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,40}$", var.name))
    error_message = "name must be 1 to 40 letters, digits, '-', '_' or '.': the role's name has the region behind it."
  }
}

variable "description" {
  description = "What is done, in a few words."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 512
    error_message = "description must be 1 to 512 characters."
  }
}

variable "expression" {
  description = "When it is done, in UTC: \"rate(1 hour)\" or \"cron(0 3 * * ? *)\"."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(rate\\([1-9][0-9]* (minute|hour|day)s?\\)|cron\\([^)]+\\)|at\\([0-9T:-]+\\))$", var.expression))
    error_message = "expression must be \"rate(…)\", \"cron(…)\" or \"at(…)\", such as \"rate(1 hour)\"."
  }
}

variable "window_minutes" {
  description = "Within how many minutes after its time it may begin; 0 for at once."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.window_minutes >= 0 && var.window_minutes <= 1440
    error_message = "window_minutes must be 0 to 1440."
  }
}

variable "function_arn" {
  description = "ARN of the function that is called."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:.+:function:", var.function_arn))
    error_message = "function_arn must be the ARN of a Lambda function."
  }
}

variable "input" {
  description = "What the function gets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(jsonencode(var.input)) <= 256 * 1024
    error_message = "input must be at most 256 KiB as JSON."
  }
}

variable "dead_letter_arn" {
  description = "ARN of the SQS queue that gets calls that could not be made; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_arn == null || can(regex("^arn:[a-z-]+:sqs:", var.dead_letter_arn))
    error_message = "dead_letter_arn must be the ARN of an SQS queue, or null."
  }
}

variable "permissions_boundary" {
  description = "ARN of the managed policy that bounds what the module's role may do, whatever its policies allow; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a managed policy, such as \"arn:aws:iam::111122223333:policy/boundary\", or null."
  }
}
