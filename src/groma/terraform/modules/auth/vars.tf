variable "name" {
  description = "Name of the user pool and its client; where there are hosted login pages, their domain's prefix is <name>-<account id>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$", var.name)) && !can(regex("aws|amazon|cognito", var.name))
    error_message = "name must be 1 to 50 lower-case letters, digits or '-', and must not hold \"aws\", \"amazon\" or \"cognito\": it begins the hosted domain."
  }
}

variable "password" {
  description = "What a password must be: the least length, and whether it must hold a lower-case letter, an upper-case letter and a digit."
  type = object({
    min_length = optional(number, 8)
    classes    = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.password.min_length >= 8 && var.password.min_length <= 99
    error_message = "password.min_length must be 8 to 99."
  }
}

variable "mfa" {
  description = "Whether users log in with a second factor, a time-based code: OFF, OPTIONAL (who has set one up) or ON."
  type        = string
  default     = "OFF"
  nullable    = false

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa must be \"OFF\", \"OPTIONAL\" or \"ON\"."
  }
}

variable "token_minutes" {
  description = "How long an access or id token is good, in minutes."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.token_minutes >= 5 && var.token_minutes <= 1440
    error_message = "token_minutes must be 5 to 1440."
  }
}

variable "refresh_days" {
  description = "How long one stays logged in: the days that a refresh token is good."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.refresh_days >= 1 && var.refresh_days <= 3650
    error_message = "refresh_days must be 1 to 3650."
  }
}

variable "sender" {
  description = "Who mails the codes: a verified identity of Amazon SES, and the address in From. null for Cognito's own sender, which sends at most 50 mails a day."
  type = object({
    ses_identity_arn = string
    from             = string
  })
  default = null

  validation {
    condition     = var.sender == null || can(regex("^arn:[a-z-]+:ses:.+:identity/", var.sender.ses_identity_arn))
    error_message = "sender.ses_identity_arn must be the ARN of an identity, such as \"arn:aws:ses:us-east-1:111122223333:identity/chirp.example\"."
  }
}

variable "callback_urls" {
  description = "Where the hosted login pages may send users back to, with a code; empty when the application has pages of its own."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for url in var.callback_urls : can(regex("^https://[^#]+$", url)) || startswith(url, "http://localhost")])
    error_message = "Each of callback_urls must begin with \"https://\" (or \"http://localhost\") and hold no '#'."
  }
}

variable "tier" {
  description = "Cognito's feature plan, by which a user who is active in a month is paid: LITE, ESSENTIALS or PLUS."
  type        = string
  default     = "LITE"
  nullable    = false

  validation {
    condition     = contains(["LITE", "ESSENTIALS", "PLUS"], var.tier)
    error_message = "tier must be \"LITE\", \"ESSENTIALS\" or \"PLUS\"."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the user pool."
  type        = bool
  default     = true
  nullable    = false
}
