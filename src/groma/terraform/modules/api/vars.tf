variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,128}$", var.name))
    error_message = "name must be 1 to 128 letters, digits, '-', '_' or '.'."
  }
}

variable "functions" {
  description = "Functions that answer, by a name of your choice: the function's name, the ARN by which it is called, and the milliseconds after which the caller is answered with 503."
  type = map(object({
    name       = string
    invoke_arn = string
    timeout_ms = optional(number, 30000)
  }))
  nullable = false

  validation {
    condition     = length(var.functions) > 0 && alltrue([for function in values(var.functions) : function.timeout_ms >= 50 && function.timeout_ms <= 30000])
    error_message = "functions must hold at least one function; timeout_ms must be 50 to 30,000."
  }
}

variable "routes" {
  description = "Routes by method and path (\"GET /api/timeline\", \"ANY /api/{path+}\") or \"$default\": which of functions answers, whether it is open to callers without a token, and a limit of its own."
  type = map(object({
    function = string
    public   = optional(bool, false)
    throttling = optional(object({
      requests_per_s = number
      burst          = number
    }))
  }))
  nullable = false

  validation {
    condition     = length(var.routes) > 0 && alltrue([for key in keys(var.routes) : key == "$default" || can(regex("^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) /[^ ]*$", key))])
    error_message = "Each key of routes must be a method and a path, such as \"GET /api/timeline\", or \"$default\"."
  }

  validation {
    condition     = alltrue([for route in values(var.routes) : contains(keys(var.functions), route.function)])
    error_message = "function in routes must name one of functions."
  }

  validation {
    condition     = var.jwt != null || alltrue([for route in values(var.routes) : route.public])
    error_message = "A route that is not public needs jwt, by which tokens are checked."
  }
}

variable "jwt" {
  description = "Whose tokens are taken on routes that are not public: the issuer's URL and the audiences (client ids); null when every route is public."
  type = object({
    issuer   = string
    audience = list(string)
  })
  default = null

  validation {
    condition     = var.jwt == null || try(startswith(var.jwt.issuer, "https://") && length(var.jwt.audience) > 0, false)
    error_message = "jwt.issuer must be a URL with https, and jwt.audience list at least one audience."
  }
}

variable "throttling" {
  description = "How many requests the whole API takes: so many a second for long, and a burst; what is more is answered with 429."
  type = object({
    requests_per_s = number
    burst          = number
  })
  default  = { requests_per_s = 1000, burst = 500 }
  nullable = false

  validation {
    condition     = var.throttling.requests_per_s > 0 && var.throttling.burst >= 1
    error_message = "throttling.requests_per_s and throttling.burst must be more than 0."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the access log; null for AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}

variable "log_retention_days" {
  description = "Days for which the access log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs knows, such as 7, 14, 30, 90 or 365."
  }
}
