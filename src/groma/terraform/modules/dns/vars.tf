variable "domain" {
  description = "Domain of the zone, such as \"chirp.example\"."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain)) && length(var.domain) <= 253
    error_message = "domain must be a domain in lower case without a dot at its end, such as \"chirp.example\"."
  }
}

variable "existing_zone_id" {
  description = "Id of the zone that holds this domain where there is one, such as Route 53 makes when it registers a domain; null to make one."
  type        = string
  default     = null

  validation {
    condition     = var.existing_zone_id == null || can(regex("^[A-Z0-9]{5,32}$", var.existing_zone_id))
    error_message = "existing_zone_id must be the id of a hosted zone, such as \"Z0123456789ABCDEFGHIJ\", or null."
  }
}

variable "existing_zone_name" {
  description = "The same by the name of the public zone, which is the domain or a parent of it; null to make one."
  type        = string
  default     = null

  validation {
    condition     = var.existing_zone_name == null || try(var.domain == var.existing_zone_name || endswith(var.domain, ".${var.existing_zone_name}"), false)
    error_message = "existing_zone_name must be the domain or a parent of it, such as \"example.dev\" for \"chirp.example.dev\", or null."
  }

  validation {
    condition     = var.existing_zone_name == null || var.existing_zone_id == null
    error_message = "existing_zone_name and existing_zone_id say the same: give one of them."
  }
}

variable "aliases" {
  description = "Names that lead to resources of AWS, by full name: the resource's domain name and the zone it is in (CloudFront's by default), whether to answer only while it is healthy, and the types of its records: A (IPv4) and AAAA (IPv6). standby is what the name leads to instead while one of health_checks or combined_health_checks, or the target itself, is not healthy."
  type = map(object({
    target          = string
    target_zone_id  = optional(string, "Z2FDTNDATAQYW2")
    evaluate_health = optional(bool, false)
    types           = optional(list(string), ["A", "AAAA"])
    standby = optional(object({
      target         = string
      target_zone_id = string
      health_check   = string
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.aliases) : name == var.domain || endswith(name, ".${var.domain}")])
    error_message = "Each name in aliases must be the domain or lie within it, such as \"www.chirp.example\"."
  }

  validation {
    condition     = alltrue([for alias in values(var.aliases) : length(alias.types) > 0 && alltrue([for type in alias.types : contains(["A", "AAAA"], type)])])
    error_message = "types in aliases must list \"A\", \"AAAA\" or both."
  }

  validation {
    condition     = alltrue([for alias in values(var.aliases) : alias.standby == null || contains(concat(keys(var.health_checks), keys(var.combined_health_checks)), try(alias.standby.health_check, ""))])
    error_message = "standby.health_check in aliases must be the name of one of health_checks or combined_health_checks: nothing else tells that the target is lost."
  }
}

variable "records" {
  description = "Other records, by full name and type."
  type = list(object({
    name        = string
    type        = string
    values      = list(string)
    ttl_seconds = optional(number, 300)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for record in var.records : record.name == var.domain || endswith(record.name, ".${var.domain}")])
    error_message = "Each name in records must be the domain or lie within it, such as \"www.chirp.example\"."
  }

  validation {
    condition     = alltrue([for record in var.records : contains(["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"], record.type)])
    error_message = "Each type in records must be \"A\", \"AAAA\", \"CAA\", \"CNAME\", \"MX\", \"NS\", \"SRV\" or \"TXT\"."
  }

  validation {
    condition     = alltrue([for record in var.records : length(record.values) > 0 && record.ttl_seconds >= 0])
    error_message = "Each of records needs at least one value, and ttl_seconds from 0 on."
  }
}

variable "health_checks" {
  description = "HTTPS health checks by a name of your choice: host, path, the seconds between two requests (10 or 30) and how many failures make it unhealthy; inverted is healthy while nobody answers with success."
  type = map(object({
    host             = string
    path             = string
    interval_seconds = optional(number, 30)
    failures         = optional(number, 3)
    inverted         = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for check in values(var.health_checks) : startswith(check.path, "/")])
    error_message = "Each path in health_checks must begin with '/'."
  }

  validation {
    condition     = alltrue([for check in values(var.health_checks) : contains([10, 30], check.interval_seconds) && check.failures >= 1 && check.failures <= 10])
    error_message = "interval_seconds in health_checks must be 10 or 30, and failures 1 to 10."
  }
}

variable "combined_health_checks" {
  description = "Health checks that are healthy while all of some of health_checks are: their names, by a name of your choice."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for names in values(var.combined_health_checks) : length(names) > 0 && length(setsubtract(names, keys(var.health_checks))) == 0])
    error_message = "combined_health_checks must each list names of health_checks."
  }

  validation {
    condition     = length(setintersection(keys(var.combined_health_checks), keys(var.health_checks))) == 0
    error_message = "combined_health_checks must have names of their own: an alias knows a health check by its name."
  }
}

variable "force_destroy" {
  description = "Whether the zone may be destroyed together with records that Terraform did not make."
  type        = bool
  default     = false
  nullable    = false
}
