variable "name" {
  description = "Name of the distribution; the bucket is <name>-site-<account id>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,44}$", var.name))
    error_message = "name must be 2 to 45 lower-case letters, digits or '-', and not begin with '-': it begins the bucket's name."
  }
}

variable "api" {
  description = "The API that answers below paths, over HTTPS and uncached: its host name without scheme."
  type = object({
    domain_name = string
    paths       = optional(list(string), ["/api/*"])
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9.-]*$", var.api.domain_name))
    error_message = "api.domain_name must be a host name without scheme, port or path, such as \"a1b2c3d4e5.execute-api.us-east-1.amazonaws.com\"."
  }

  validation {
    condition     = length(var.api.paths) > 0 && alltrue([for path in var.api.paths : can(regex("^/[^ ]+$", path)) && path != "/*"])
    error_message = "Each of api.paths must begin with '/' and hold no space, such as \"/api/*\"; \"/*\" would leave nothing to the site."
  }
}

variable "media" {
  description = "Bucket with what users have uploaded, shown below a path: its regional domain name; its policy must let this distribution read. null for none."
  type = object({
    bucket_domain_name = string
    path               = optional(string, "/media/*")
  })
  default = null

  validation {
    condition     = var.media == null || can(regex("^/[^ ]+/\\*$", var.media.path))
    error_message = "media.path must begin with '/' and end with '/*', such as \"/media/*\"."
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

variable "names" {
  description = "Domain names under which viewers reach the distribution; empty for its own at cloudfront.net."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.names : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name))])
    error_message = "Each of names must be a domain in lower case, such as \"chirp.example\"."
  }
}

variable "certificate_arn" {
  description = "ARN of a certificate for names, of us-east-1; null when there are no names."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.certificate_arn))
    error_message = "certificate_arn must be the ARN of a certificate of us-east-1, where CloudFront looks for them, or null."
  }

  validation {
    condition     = (var.certificate_arn == null) == (length(var.names) == 0)
    error_message = "certificate_arn must be given exactly when there are names."
  }
}

variable "web_acl_arn" {
  description = "ARN of the web ACL, of scope CLOUDFRONT, that guards the distribution; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/", var.web_acl_arn))
    error_message = "web_acl_arn must be the ARN of a web ACL of scope CLOUDFRONT, or null."
  }
}

variable "connect_sources" {
  description = "Origins, beside the site's own, to which its pages may send: where browsers upload to."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for source in var.connect_sources : can(regex("^https?://[^ ;,'/]+$", source))])
    error_message = "Each of connect_sources must be a scheme and a host, such as \"https://chirp-media-111122223333.s3.us-east-1.amazonaws.com\"."
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

variable "access_log_bucket" {
  description = "Domain name of a bucket with ACLs that gets a log of every request; null for no log."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("\\.s3[.-].*amazonaws\\.com", var.access_log_bucket))
    error_message = "access_log_bucket must be the domain name of a bucket, such as \"logs.s3.amazonaws.com\", or null."
  }
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed together with what it holds."
  type        = bool
  default     = false
  nullable    = false
}
