variable "name" {
  description = "Name of the distribution; the bucket is <name>-site-<account id>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,44}$", var.name))
    error_message = "name must be 2 to 45 lower-case letters, digits or '-', and not begin with '-': it begins the bucket's name."
  }
}

variable "origin_domain_name" {
  description = "DNS name of the public load balancer, which answers application_paths."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9.-]*$", var.origin_domain_name))
    error_message = "origin_domain_name must be a host name without scheme, port or path, such as \"chirp-web-123.us-east-1.elb.amazonaws.com\"."
  }
}

variable "origin_https" {
  description = "Whether it answers over HTTPS on port 443, with a certificate for that name, or over HTTP on port 80, where everything on the way from CloudFront can be read."
  type        = bool
  default     = false
  nullable    = false
}

variable "domain" {
  description = "Names under which viewers come, and the ARN of their certificate in us-east-1; null for CloudFront's own name alone."
  type = object({
    names           = list(string)
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.domain == null || try(length(var.domain.names) > 0, false)
    error_message = "domain.names must list at least one name."
  }

  validation {
    condition     = var.domain == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.domain.certificate_arn))
    error_message = "domain.certificate_arn must be the ARN of a certificate in us-east-1: CloudFront takes it from nowhere else."
  }
}

variable "web_acl_arn" {
  description = "ARN of the web ACL (scope CLOUDFRONT) that requests pass first; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]+:global/webacl/", var.web_acl_arn))
    error_message = "web_acl_arn must be the ARN of a web ACL of scope CLOUDFRONT, or null."
  }
}

variable "application_paths" {
  description = "Path patterns that CloudFront passes on to the load balancer, uncached and with every method; all others are the bucket's."
  type        = list(string)
  default     = ["/api/*"]
  nullable    = false

  validation {
    condition     = length(var.application_paths) > 0 && length(distinct(var.application_paths)) == length(var.application_paths)
    error_message = "application_paths must list at least one pattern, each once."
  }

  validation {
    condition     = alltrue([for pattern in var.application_paths : can(regex("^/[^ ]+$", pattern))]) && !contains(var.application_paths, "/*")
    error_message = "Each of application_paths must begin with '/' and hold no space, such as \"/api/*\"; \"/*\" would leave nothing to the bucket."
  }
}

variable "bucket_paths" {
  description = "Path patterns that CloudFront answers from the bucket; the load balancer then answers all others, and application_paths does not count. null leaves all but application_paths to the bucket."
  type        = list(string)
  default     = null

  validation {
    condition     = var.bucket_paths == null || try(length(var.bucket_paths) > 0 && length(distinct(var.bucket_paths)) == length(var.bucket_paths), false)
    error_message = "bucket_paths must list at least one pattern, each once, or be null."
  }

  validation {
    condition     = alltrue([for pattern in coalesce(var.bucket_paths, []) : can(regex("^/[^ ]+$", pattern))]) && !contains(coalesce(var.bucket_paths, []), "/*")
    error_message = "Each of bucket_paths must begin with '/' and hold no space, such as \"/static/*\"; \"/*\" would leave nothing to the application."
  }
}

variable "content" {
  description = "Directory with the site's files, which are put into the bucket; null when something else does so."
  type        = string
  default     = null

  validation {
    condition     = var.content == null || try(fileexists("${var.content}/index.html"), false)
    error_message = "content must be a directory with an index.html, or null."
  }
}

variable "price_class" {
  description = "Where CloudFront answers: PriceClass_100 (North America, Europe), PriceClass_200 (also Asia, Africa, the Middle East) or PriceClass_All."
  type        = string
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be \"PriceClass_100\", \"PriceClass_200\" or \"PriceClass_All\"."
  }
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed together with what it holds."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the bucket; its policy must let CloudFront use it; null for AWS's own, which costs nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}

variable "replica" {
  description = "A bucket in another region, such as the module replicated-bucket makes: what lies below prefix is replicated to it, and CloudFront reads from it what this bucket cannot answer. null for none."
  type = object({
    region      = string
    bucket_arn  = string
    domain_name = string
    prefix      = string
  })
  default = null

  validation {
    condition     = var.replica == null || can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", var.replica.bucket_arn))
    error_message = "replica.bucket_arn must be the ARN of a bucket, such as \"arn:aws:s3:::chirp-site-111122223333-us-west-2\"."
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
