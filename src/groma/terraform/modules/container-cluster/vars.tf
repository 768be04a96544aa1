variable "name" {
  description = "Name of the cluster, such as \"chirp\"."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,254}$", var.name))
    error_message = "name must be 1 to 255 letters, digits, '_' or '-', and begin with a letter: ECS takes no other."
  }
}

variable "container_insights" {
  description = "Whether CloudWatch publishes more metrics of each service and task, which are paid for."
  type        = bool
  default     = false
  nullable    = false
}
