variable "name" {
  description = "Name of the distribution."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,53}$", var.name))
    error_message = "name must be 2 to 54 lower-case letters, digits or '-', and not begin with '-'."
  }
}

variable "application" {
  description = "The domain name that leads to the regions' load balancers, whether they speak HTTPS (their certificate must be for that name) or HTTP, and the path patterns that they answer, uncached and with every method."
  type = object({
    domain_name = string
    https       = optional(bool, true)
    paths       = optional(list(string), ["/api/*"])
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9.-]*$", var.application.domain_name))
    error_message = "application.domain_name must be a host name without scheme, port or path, such as \"origin.chirp.example.com\"."
  }

  validation {
    condition     = length(var.application.paths) > 0 && alltrue([for path in var.application.paths : can(regex("^/[^ ]+$", path)) && path != "/*"])
    error_message = "application.paths must hold at least one pattern, each beginning with '/' and without a space, such as \"/api/*\"; \"/*\" would leave nothing to the buckets."
  }
}

variable "buckets" {
  description = "Buckets of what CloudFront keeps itself: a name of your choice, the domain names of a bucket and of its replica in another region, and path patterns, first match first. The first bucket answers whatever nobody else does, beginning with index.html, and needs no paths."
  type = list(object({
    name         = string
    domain_names = list(string)
    paths        = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = length(var.buckets) > 0 && length(distinct(var.buckets[*].name)) == length(var.buckets)
    error_message = "buckets must hold at least one bucket, each with a name of its own."
  }

  validation {
    condition     = alltrue([for bucket in var.buckets : length(bucket.domain_names) == 2 && length(distinct(bucket.domain_names)) == 2])
    error_message = "domain_names in buckets must list two: the bucket and its replica."
  }

  validation {
    condition     = alltrue([for path in flatten(var.buckets[*].paths) : can(regex("^/[^ ]+$", path)) && path != "/*"]) && length(distinct(flatten(var.buckets[*].paths))) == length(flatten(var.buckets[*].paths))
    error_message = "Each of paths in buckets must begin with '/', hold no space and stand once, such as \"/maps/*\"; what no path matches is the first bucket's."
  }

  validation {
    condition     = alltrue([for bucket in slice(var.buckets, min(1, length(var.buckets)), length(var.buckets)) : length(bucket.paths) > 0])
    error_message = "Each of buckets but the first must have paths: without any it would never be read."
  }
}

variable "connect_sources" {
  description = "Origins, beside the site's own, to which its pages may send: where browsers upload to."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for source in var.connect_sources : can(regex("^https?://[^ ;,'/]+$", source))])
    error_message = "Each of connect_sources must be a scheme and a host, such as \"https://chirp-media-111122223333-us-east-1.s3.us-east-1.amazonaws.com\"."
  }
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

variable "price_class" {
  description = "Where CloudFront answers: PriceClass_100 (North America, Europe), PriceClass_200 (also Asia, Africa, the Middle East) or PriceClass_All."
  type        = string
  default     = "PriceClass_All"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be \"PriceClass_100\", \"PriceClass_200\" or \"PriceClass_All\"."
  }
}
