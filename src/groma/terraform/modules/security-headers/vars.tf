variable "name" {
  description = "Name of the policy, of which an account has one of a name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.name))
    error_message = "name must be 1 to 128 letters, digits, '-' or '_'."
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
