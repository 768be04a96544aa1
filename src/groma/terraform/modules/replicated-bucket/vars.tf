variable "name" {
  description = "Name of the bucket, the same in all regions; a region's bucket is <name>-<account id>-<region>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,33}$", var.name))
    error_message = "name must be 2 to 34 lower-case letters, digits or '-', and not begin with '-': it begins the bucket's name."
  }
}

variable "replicas" {
  description = "Buckets to which this one is replicated: ARNs by region. Empty for a bucket that only receives. Buckets may replicate to each other: what was replicated is not replicated on."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.replicas) : can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", arn))])
    error_message = "Each of replicas must be the ARN of a bucket, such as \"arn:aws:s3:::chirp-media-111122223333-eu-west-1\"."
  }
}

variable "replicated_prefix" {
  description = "Beginning of the keys of what is replicated; what is only passed through, such as uploads that are still to be checked, need not be. Everything by default."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.replicated_prefix) <= 1024 && !startswith(var.replicated_prefix, "/")
    error_message = "replicated_prefix must have at most 1,024 characters and not begin with '/', which keys do not: such as \"media/\"."
  }
}

variable "distribution_arns" {
  description = "ARNs of the CloudFront distributions that may read the bucket; without any nobody outside the account can."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.distribution_arns : can(regex("^arn:[a-z-]+:cloudfront::", arn))])
    error_message = "Each of distribution_arns must be the ARN of a distribution, such as \"arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5\"."
  }
}

variable "upload_origins" {
  description = "Origins of web pages from which browsers may upload by a presigned request, such as \"https://chirp.example.com\"; none by default."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.upload_origins : can(regex("^https?://[^/ ]+$", origin))])
    error_message = "Each of upload_origins must be a scheme and a host without a path, such as \"https://chirp.example.com\"."
  }
}

variable "uploads" {
  description = "Topic that is told of each new object whose key begins with prefix, replicas among them; its policy must let the bucket publish. null for none."
  type = object({
    topic_arn = string
    prefix    = optional(string, "")
  })
  default = null

  validation {
    condition     = var.uploads == null || can(regex("^arn:[a-z-]+:sns:", var.uploads.topic_arn))
    error_message = "uploads.topic_arn must be the ARN of an SNS topic."
  }
}

variable "old_version_days" {
  description = "Days for which overwritten and deleted objects can be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.old_version_days >= 1 && floor(var.old_version_days) == var.old_version_days
    error_message = "old_version_days must be a whole number of days, at least 1."
  }
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed together with what it holds."
  type        = bool
  default     = false
  nullable    = false
}
