variable "name" {
  description = "Begins the bucket's name, which is <name>-media-<account id>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,43}$", var.name))
    error_message = "name must be 2 to 44 lower-case letters, digits or '-', and not begin with '-': it begins the bucket's name."
  }
}

variable "distribution_arn" {
  description = "ARN of the CloudFront distribution that alone may read what is published."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:cloudfront::[0-9]{12}:distribution/", var.distribution_arn))
    error_message = "distribution_arn must be the ARN of a distribution, such as \"arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5\"."
  }
}

variable "published_prefix" {
  description = "Keys that begin so may be read by the distribution."
  type        = string
  default     = "media/"
  nullable    = false

  validation {
    condition     = var.published_prefix == "" || can(regex("^[^/*?][^*?]*/$", var.published_prefix))
    error_message = "published_prefix must end with '/' and hold no wildcard, such as \"media/\", or be empty for everything."
  }
}

variable "upload_origins" {
  description = "Origins of the pages from which browsers upload, such as \"https://chirp.example\"."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.upload_origins) > 0 && alltrue([for origin in var.upload_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "Each of upload_origins must be a scheme and a host without path or wildcard, such as \"https://chirp.example\"."
  }
}

variable "uploads" {
  description = "Topic that is told of each new object whose key begins with prefix; its policy must let the bucket publish. null for none. With a prefix, what lies below it only passes through: it goes for good a day after it was deleted, and after keep_days where nobody deleted it."
  type = object({
    topic_arn = string
    prefix    = optional(string, "")
    keep_days = optional(number, 15)
  })
  default = null

  validation {
    condition     = var.uploads == null || can(regex("^arn:[a-z-]+:sns:", var.uploads.topic_arn))
    error_message = "uploads.topic_arn must be the ARN of an SNS topic."
  }

  validation {
    condition     = try(var.uploads.keep_days >= 1 && floor(var.uploads.keep_days) == var.uploads.keep_days, var.uploads == null)
    error_message = "uploads.keep_days must be a whole number from 1 on."
  }

  validation {
    condition     = try(var.uploads.prefix == "" || !startswith(var.published_prefix, var.uploads.prefix), var.uploads == null)
    error_message = "uploads.prefix must not hold what is published: what lies below it ends by itself."
  }
}

variable "old_version_days" {
  description = "Days for which a deleted or replaced object can be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.old_version_days >= 1 && floor(var.old_version_days) == var.old_version_days
    error_message = "old_version_days must be a whole number from 1 on."
  }
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed together with what it holds."
  type        = bool
  default     = false
  nullable    = false
}
