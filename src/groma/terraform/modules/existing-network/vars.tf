variable "vpc" {
  description = "The VPC: its id, or tags that only it has."
  type = object({
    id   = optional(string)
    tags = optional(map(string))
  })
  nullable = false

  validation {
    condition     = (var.vpc.id == null) != (var.vpc.tags == null)
    error_message = "vpc must have either an id or tags."
  }

  validation {
    condition     = var.vpc.id == null || can(regex("^vpc-[0-9a-f]+$", var.vpc.id))
    error_message = "vpc.id must be the id of a VPC, such as \"vpc-0a1b2c3d4e5f60718\"."
  }
}

variable "public_subnets" {
  description = "The public subnet of each zone: its id, or tags that no other subnet of the VPC has in that zone."
  type = map(object({
    id   = optional(string)
    tags = optional(map(string))
  }))
  nullable = false

  validation {
    condition     = length(var.public_subnets) >= 2
    error_message = "public_subnets must name two zones or more: one may be lost."
  }

  validation {
    condition     = alltrue([for each in var.public_subnets : (each.id == null) != (each.tags == null)])
    error_message = "Each of public_subnets must have either an id or tags."
  }
}

variable "private_subnets" {
  description = "The private subnet of each zone, as the public ones; its way out is its owner's."
  type = map(object({
    id   = optional(string)
    tags = optional(map(string))
  }))
  nullable = false

  validation {
    condition     = keys(var.private_subnets) == keys(var.public_subnets)
    error_message = "private_subnets and public_subnets must name the same zones."
  }

  validation {
    condition     = alltrue([for each in var.private_subnets : (each.id == null) != (each.tags == null)])
    error_message = "Each of private_subnets must have either an id or tags."
  }
}
