variable "name" {
  description = "Domain name that all regions answer for, below the zone's own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.name))
    error_message = "name must be a full domain name in lower case without a dot at its end, such as \"origin.chirp.example.com\"."
  }
}

variable "zone_id" {
  description = "Id of the public hosted zone that holds the name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Z0-9]+$", var.zone_id))
    error_message = "zone_id must be the id of a hosted zone, such as \"Z1D633PJN98FT9\"."
  }
}

variable "regions" {
  description = "The public load balancer of each region: its DNS name and the hosted zone that its name is in, by region."
  type = map(object({
    load_balancer_dns_name = string
    load_balancer_zone_id  = string
  }))
  nullable = false

  validation {
    condition     = length(var.regions) >= 2
    error_message = "regions must hold at least two regions: with one there is nothing to choose from."
  }

  validation {
    condition     = alltrue([for region in keys(var.regions) : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))])
    error_message = "Each key of regions must be an AWS region, such as \"us-east-1\"."
  }
}

variable "health_check" {
  description = "How each region's load balancer is asked: over HTTP or HTTPS, the port, the path that answers 200 to 399 when the region can serve, and how many failures in a row, ten seconds apart, take it out."
  type = object({
    protocol = optional(string, "HTTP")
    port     = optional(number, 80)
    path     = optional(string, "/healthz")
    failures = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["HTTP", "HTTPS"], var.health_check.protocol)
    error_message = "health_check.protocol must be \"HTTP\" or \"HTTPS\"; the certificate is not looked at."
  }

  validation {
    condition     = startswith(var.health_check.path, "/") && length(var.health_check.path) <= 255
    error_message = "health_check.path must begin with '/' and have at most 255 characters."
  }

  validation {
    condition     = var.health_check.failures >= 1 && var.health_check.failures <= 10
    error_message = "health_check.failures must be between 1 and 10."
  }

  validation {
    condition     = var.health_check.port >= 1 && var.health_check.port <= 65535
    error_message = "health_check.port must be between 1 and 65535."
  }
}
