variable "name" {
  description = "Name of the stack's part in it, which rules of security groups carry, such as \"shop-database\"."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,62}$", var.name))
    error_message = "name must be 1 to 63 lower-case letters, digits or '-', and begin with a letter."
  }
}

variable "secret" {
  description = "Name of the secret that says where the database is and who signs in: JSON with host, port, username, password and dbname."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.secret))
    error_message = "secret must be the name of a secret, 1 to 512 letters, digits or /_+=.@-, such as \"prod/shop/db\"; no ARN."
  }
}

variable "port" {
  description = "Port of the database, which rules of security groups open."
  type        = number
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "port must be between 1 and 65535."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that connect to it, by a name of your choice: their way out is opened."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.client_security_group_ids) > 0
    error_message = "client_security_group_ids must name at least one group: nobody else would use the database."
  }
}

variable "security_group_id" {
  description = "Security group of the database, which is then made to let the clients in; null where its owner does that."
  type        = string
  default     = null

  validation {
    condition     = var.security_group_id == null || can(regex("^sg-[0-9a-f]+$", var.security_group_id))
    error_message = "security_group_id must be the id of a security group, such as \"sg-0a1b2c3d4e5f60718\", or null."
  }
}

variable "address_ranges" {
  description = "Where the database may be when no security group of its own is named: the clients' way out leads there."
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]
  nullable    = false

  validation {
    condition     = alltrue([for each in var.address_ranges : can(cidrnetmask(each))])
    error_message = "address_ranges must be IPv4 ranges, such as \"10.0.0.0/8\"."
  }
}
