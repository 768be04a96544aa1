variable "name" {
  description = "Name of the site; begins the name of each of its resources."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 32 lower-case letters, digits or '-', begin with a letter and not end with '-'."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC, from /16 to /28."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("/(1[6-9]|2[0-8])$", var.cidr))
    error_message = "cidr must be an IPv4 range between /16 and /28, such as \"10.0.0.0/16\"."
  }
}

variable "public_subnets" {
  description = "IPv4 ranges of the public subnets by zone; the server stands in the first zone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.public_subnets) > 0 && alltrue([for range in values(var.public_subnets) : can(cidrhost(range, 0)) && can(regex("/(1[6-9]|2[0-8])$", range))])
    error_message = "public_subnets must name at least one zone, each with an IPv4 range between /16 and /28, such as \"10.0.0.0/20\"."
  }
}

variable "instance_type" {
  description = "Type of the server: one with an arm64 processor, such as t4g.micro."
  type        = string
  default     = "t4g.micro"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]+g[a-z]*\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must have an arm64 processor (a 'g' behind the generation), such as \"t4g.micro\" or \"m7g.large\"."
  }
}

variable "volume_gib" {
  description = "Size of the server's encrypted gp3 volume, in GiB."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.volume_gib >= 8 && var.volume_gib <= 16384 && floor(var.volume_gib) == var.volume_gib
    error_message = "volume_gib must be a whole number from 8 to 16384."
  }
}

variable "force_destroy" {
  description = "Whether the bucket is destroyed with the objects in it; otherwise a bucket that holds any refuses."
  type        = bool
  default     = false
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the managed policy that bounds what the module's role may do, whatever its policies allow; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a managed policy, such as \"arn:aws:iam::111122223333:policy/boundary\", or null."
  }
}
