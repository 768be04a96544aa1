variable "name" {
  description = "Name of the function; its log group and role carry it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,48}$", var.name))
    error_message = "name must be 1 to 48 letters, digits, '-' or '_': the role's name has the region behind it."
  }
}

variable "description" {
  description = "What the function does, in a few words."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 256
    error_message = "description must be 1 to 256 characters."
  }
}

variable "package" {
  description = "Path of the ZIP file with the code."
  type        = string
  nullable    = false

  validation {
    condition     = endswith(var.package, ".zip") && fileexists(var.package)
    error_message = "package must be the path of a ZIP file that exists."
  }
}

variable "handler" {
  description = "Function in the code that is called, as module.function."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_./]*\\.[A-Za-z_][A-Za-z0-9_]*$", var.handler))
    error_message = "handler must name a module and a function in it, such as \"app.handler\"."
  }
}

variable "runtime" {
  description = "What runs the code."
  type        = string
  default     = "python3.13"
  nullable    = false

  validation {
    condition     = can(regex("^(python3|nodejs|java|dotnet|ruby3|provided)[a-z0-9.]*$", var.runtime))
    error_message = "runtime must be one of Lambda's, such as \"python3.13\"."
  }
}

variable "architecture" {
  description = "Processor: arm64 (Graviton) or x86_64."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be \"arm64\" or \"x86_64\"."
  }
}

variable "memory_mib" {
  description = "Memory in MiB; the share of a processor grows with it, one whole at 1,769."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_mib >= 128 && var.memory_mib <= 10240 && floor(var.memory_mib) == var.memory_mib
    error_message = "memory_mib must be a whole number from 128 to 10240."
  }
}

variable "timeout_s" {
  description = "Seconds after which a call is broken off."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout_s >= 1 && var.timeout_s <= 900 && floor(var.timeout_s) == var.timeout_s
    error_message = "timeout_s must be a whole number from 1 to 900."
  }
}

variable "reserved_concurrency" {
  description = "How many calls may run at once, which are kept free for it in the account; null for whatever the account has left."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null || try(var.reserved_concurrency >= 0 && floor(var.reserved_concurrency) == var.reserved_concurrency, false)
    error_message = "reserved_concurrency must be a whole number from 0 (nothing runs) on, or null."
  }
}

variable "environment" {
  description = "Variables that the code reads; whoever may see the function sees them, so they hold no secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", name)) && !startswith(name, "AWS_LAMBDA_")])
    error_message = "Names in environment must begin with a letter and hold letters, digits or '_'; AWS keeps those that begin with AWS_LAMBDA_."
  }
}

variable "statements" {
  description = "What the function may do, beyond its log, its traces, its messages and its key: actions on resources."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for action in flatten(var.statements[*].actions) : can(regex("^[a-z0-9-]+:[A-Za-z]+$", action))])
    error_message = "Each of actions in statements must be one action, such as \"dynamodb:GetItem\", without '*'."
  }

  validation {
    condition     = alltrue([for resource in flatten(var.statements[*].resources) : resource != "*"]) && alltrue([for statement in var.statements : length(statement.actions) > 0 && length(statement.resources) > 0])
    error_message = "Each of statements must list its actions and name its resources; \"*\" is not one."
  }
}

variable "event_source" {
  description = "Queue whose messages the function gets: how many at most in one call, the seconds that are waited for so many, and how many calls the queue may make at once (2 or more; null for no limit). Messages that the function names as failed come again, the others do not."
  type = object({
    queue_arn           = string
    batch_size          = optional(number, 10)
    window_s            = optional(number, 0)
    maximum_concurrency = optional(number)
  })
  default = null

  validation {
    condition     = var.event_source == null || try(var.event_source.batch_size >= 1 && var.event_source.batch_size <= (var.event_source.window_s > 0 ? 10000 : 10), false)
    error_message = "event_source.batch_size must be 1 to 10, or up to 10,000 with a window_s."
  }

  validation {
    condition     = var.event_source == null || try(var.event_source.window_s >= 0 && var.event_source.window_s <= 300, false)
    error_message = "event_source.window_s must be 0 to 300."
  }

  validation {
    condition     = try(var.event_source.maximum_concurrency, null) == null || try(var.event_source.maximum_concurrency >= 2 && var.event_source.maximum_concurrency <= 1000, false)
    error_message = "event_source.maximum_concurrency must be 2 to 1,000, or null."
  }
}

variable "on_failure" {
  description = "Queue or topic that gets events that failed three times, when nobody waits for the answer; null for none."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.on_failure == null || can(regex("^arn:[a-z-]+:(sqs|sns):", var.on_failure.arn))
    error_message = "on_failure.arn must be the ARN of an SQS queue or an SNS topic."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts environment and log; the function may use it for data, too. null for AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}

variable "log_retention_days" {
  description = "Days for which the log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs knows, such as 7, 14, 30, 90 or 365."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces a sample of the calls."
  type        = bool
  default     = true
  nullable    = false
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
