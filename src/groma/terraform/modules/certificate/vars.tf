variable "domain" {
  description = "Domain that the certificate is for."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "domain must be a domain in lower case, such as \"chirp.example\" or \"*.chirp.example\"."
  }
}

variable "other_names" {
  description = "Further names that the certificate is for, of the same zone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.other_names : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name))])
    error_message = "Each of other_names must be a domain in lower case, such as \"www.chirp.example\" or \"*.chirp.example\"."
  }

  validation {
    condition     = length(distinct(concat([var.domain], var.other_names))) == length(var.other_names) + 1 && length(var.other_names) < 10
    error_message = "other_names must list at most 9 names, each once and without the domain."
  }
}

variable "zone_id" {
  description = "Id of the Route 53 zone in which AWS finds the proof that the domain is yours."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Z0-9]{5,32}$", var.zone_id))
    error_message = "zone_id must be the id of a hosted zone, such as \"Z0123456789ABCDEFGHIJ\"."
  }
}

variable "make_records" {
  description = "Whether the records that prove the names are made here. AWS asks for the same records in every region of an account, so of several certificates of the same names one makes them and the others set this to false."
  type        = bool
  default     = true
  nullable    = false
}
