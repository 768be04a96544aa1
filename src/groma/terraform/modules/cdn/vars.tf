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
  description = "DNS name of the public load balancer, which answers application_paths over HTTP on port 80."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9.-]*$", var.origin_domain_name))
    error_message = "origin_domain_name must be a host name without scheme, port or path, such as \"chirp-web-123.us-east-1.elb.amazonaws.com\"."
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
