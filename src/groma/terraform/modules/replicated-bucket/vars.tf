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

variable "content" {
  description = "Directory with the files of a site, which are put into this bucket and read by the distributions; null for none. Each region's bucket is given its own."
  type        = string
  default     = null

  validation {
    condition     = var.content == null || try(fileexists("${var.content}/index.html"), false)
    error_message = "content must be a directory with an index.html, or null."
  }
}

variable "published_prefix" {
  description = "Beginning of the keys of what is replicated and, without content, of what the distributions read; what is only passed through, such as uploads that are still to be checked, need not be. Everything by default. With content the distributions read everything but what lies below uploads.prefix."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.published_prefix) <= 1024 && can(regex("^([^/*?][^*?]*)?$", var.published_prefix))
    error_message = "published_prefix must have at most 1,024 characters, no '*' or '?', and not begin with '/', which keys do not: such as \"media/\"."
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
  description = "Topic that is told of each new object whose key begins with prefix, replicas among them; its policy must let the bucket publish. null for none. With a prefix, what lies below it only passes through: no distribution reads it, and it goes for good a day after it was deleted, and after keep_days where nobody deleted it."
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

  validation {
    condition     = try(alltrue([for file in fileset(var.content, "**") : !startswith(file, var.uploads.prefix)]), var.uploads == null || var.content == null)
    error_message = "uploads.prefix must be given where there is content, and begin no file of content: what lies below it is not read and ends by itself."
  }

  validation {
    condition     = var.uploads == null || can(regex("^([^/*?][^*?]*)?$", var.uploads.prefix))
    error_message = "uploads.prefix must have no '*' or '?', and not begin with '/', which keys do not: such as \"uploads/\"."
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

variable "permissions_boundary" {
  description = "ARN of the managed policy that bounds what the module's role may do, whatever its policies allow; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a managed policy, such as \"arn:aws:iam::111122223333:policy/boundary\", or null."
  }
}
