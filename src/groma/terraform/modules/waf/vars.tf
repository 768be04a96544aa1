variable "name" {
  description = "Name of the web ACL, and of its metric."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.name))
    error_message = "name must be 1 to 128 letters, digits, '-' or '_'."
  }
}

variable "scope" {
  description = "What it guards: CLOUDFRONT (distributions; the provider's region must be us-east-1) or REGIONAL (load balancers, REST APIs and user pools of the provider's region)."
  type        = string
  default     = "CLOUDFRONT"
  nullable    = false

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "scope must be \"CLOUDFRONT\" or \"REGIONAL\"."
  }
}

variable "managed_rule_groups" {
  description = "AWS's own groups of rules, in the order in which they are asked. The capacity of all together must not pass 5,000 units. AWSManagedRulesBotControlRuleSet is used at its common level, which AWS bills by the request."
  type        = list(string)
  default     = ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
  nullable    = false

  validation {
    condition     = length(distinct(var.managed_rule_groups)) == length(var.managed_rule_groups) && alltrue([for group in var.managed_rule_groups : startswith(group, "AWSManagedRules")])
    error_message = "managed_rule_groups must be names of AWS's groups, such as \"AWSManagedRulesCommonRuleSet\", each once."
  }
}

variable "counted_rules" {
  description = "Rules of these groups that only count and never block. By default those that would block bodies of free text: of more than 8 KiB, or that speak of scripts, paths, addresses and SQL."
  type        = map(list(string))
  default = {
    AWSManagedRulesCommonRuleSet = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY"]
    AWSManagedRulesSQLiRuleSet   = ["SQLi_BODY", "SQLiExtendedPatterns_BODY"]
  }
  nullable = false

  validation {
    condition     = alltrue([for group in keys(var.counted_rules) : startswith(group, "AWSManagedRules")])
    error_message = "counted_rules must name groups of AWS, such as \"AWSManagedRulesCommonRuleSet\"."
  }
}

variable "rate_limit" {
  description = "How many requests one address may send within a window of 60, 120, 300 or 600 seconds; what is more is answered with 429."
  type = object({
    requests       = number
    window_seconds = optional(number, 300)
  })
  default  = { requests = 2000 }
  nullable = false

  validation {
    condition     = var.rate_limit.requests >= 10 && var.rate_limit.requests <= 2000000000 && contains([60, 120, 300, 600], var.rate_limit.window_seconds)
    error_message = "rate_limit.requests must be 10 or more, and window_seconds 60, 120, 300 or 600."
  }
}

variable "guarded_paths" {
  description = "Paths, and all below them, of which one address may ask less: those that cost a mail or a compared password. How many requests to all of them together within a window of 60, 120, 300 or 600 seconds; what is more is answered with 429."
  type = object({
    paths          = list(string)
    requests       = number
    window_seconds = optional(number, 300)
  })
  default = null

  validation {
    condition     = var.guarded_paths == null ? true : length(var.guarded_paths.paths) > 0 && length(join("|", var.guarded_paths.paths)) <= 180 && alltrue([for path in var.guarded_paths.paths : can(regex("^(/[A-Za-z0-9_-]+)+$", path))])
    error_message = "guarded_paths.paths must be one path or more of letters, digits, '-' and '_', such as \"/api/sessions\", of 180 characters together."
  }

  validation {
    condition     = var.guarded_paths == null ? true : var.guarded_paths.requests >= 10 && var.guarded_paths.requests <= 2000000000 && contains([60, 120, 300, 600], var.guarded_paths.window_seconds)
    error_message = "guarded_paths.requests must be 10 or more, and window_seconds 60, 120, 300 or 600."
  }
}
