variable "name" {
  description = "Name of the key; its alias is alias/<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_/-]{1,64}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "name must be 1 to 64 letters, digits, '-', '_' or '/', and must not begin with 'aws/', which AWS keeps for itself."
  }
}
