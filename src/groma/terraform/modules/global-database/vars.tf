variable "name" {
  description = "Name of the global database, the same in all regions; a region's cluster is <name>-<region>. With '_' for '-' it names the first database inside."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be at most 40 lower-case letters, digits or single '-', begin with a letter and not end with '-'."
  }
}

variable "primary" {
  description = "Makes this region the primary, which takes the writes, and with it the global database: name of its master user, and version of the password (RDS takes the password anew when this changes). null for a region that joins as a secondary."
  type = object({
    username         = optional(string, "administrator")
    password_version = number
  })
  default = null

  validation {
    condition     = var.primary == null || can(regex("^[a-z][a-z0-9_]{0,62}$", var.primary.username)) && !can(regex("^(admin$|pg_|rds)", var.primary.username))
    error_message = "primary.username must be 1 to 63 lower-case letters, digits or '_', begin with a letter, and be neither \"admin\" nor begin with \"pg_\" or \"rds\", which PostgreSQL and RDS keep for themselves."
  }
}

variable "password" {
  description = "The master user's password; it is written to RDS alone, neither to the plan nor to the state. For the primary only."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = (var.password == null) == (var.primary == null)
    error_message = "password must be given for the primary, and for the primary only: the other regions get it with the data."
  }

  validation {
    condition     = var.password == null || can(regex("^[!#-.0-?A-~]{8,128}$", var.password))
    error_message = "password must be 8 to 128 printable ASCII characters, none of them '/', '@', '\"' or a space."
  }
}

variable "global_cluster_id" {
  description = "Id of the global database that this region joins, as the primary's module gives it out; null for the primary itself."
  type        = string
  default     = null

  validation {
    condition     = (var.primary == null) == (var.global_cluster_id != null)
    error_message = "Either primary or global_cluster_id must be given: a region makes the global database or joins it."
  }
}

variable "vpc_id" {
  description = "Id of the VPC in which this region's cluster lives."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, such as \"vpc-0a1b2c3d4e5f60718\"."
  }
}

variable "subnet_ids" {
  description = "Ids of private subnets in two zones or more, those of the instances among them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must list subnets of at least two zones: RDS takes no fewer."
  }
}

variable "client_security_group_ids" {
  description = "Security groups, by a name of your choice, that may reach port 5432; nobody else does. The way out of each is opened too."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.client_security_group_ids) > 0
    error_message = "client_security_group_ids must name at least one security group: nobody else reaches the database."
  }
}

variable "engine_version" {
  description = "Aurora PostgreSQL version, major and minor, the same in all regions: Aurora upgrades no global database by itself."
  type        = string
  default     = "16.8"
  nullable    = false

  validation {
    condition     = can(regex("^1[5-9]\\.[0-9]+$", var.engine_version))
    error_message = "engine_version must be a major and minor version of Aurora PostgreSQL, such as \"16.8\"."
  }
}

variable "instances" {
  description = "The instances of this region: their class, how many, and the zones they take in turn. In the primary one of them takes the writes; all others answer reads."
  type = object({
    class = string
    count = number
    zones = list(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^db\\.[rx][a-z0-9-]*\\.[a-z0-9-]+$", var.instances.class))
    error_message = "instances.class must be a memory-optimised class such as \"db.r7g.large\": an Aurora global database takes no burstable one."
  }

  validation {
    condition     = var.instances.count >= 1 && var.instances.count <= 16 && floor(var.instances.count) == var.instances.count
    error_message = "instances.count must be a whole number between 1 and 16."
  }

  validation {
    condition     = length(var.instances.zones) >= 2 && length(distinct(var.instances.zones)) == length(var.instances.zones)
    error_message = "instances.zones must list at least two zones, each once."
  }
}

variable "write_forwarding" {
  description = "Whether a secondary takes writes too, by sending them to the primary: so its clients need no way into the other region. The primary has no use for it."
  type        = bool
  default     = true
  nullable    = false
}

variable "application_user" {
  description = "Role of the database that clients sign in as with a token of their IAM role, see connect_policy; the application makes it, as the master user, and grants it rds_iam."
  type        = string
  default     = "application"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.application_user)) && !can(regex("^(pg_|rds)", var.application_user))
    error_message = "application_user must be 1 to 63 lower-case letters, digits or '_', begin with a letter, and begin with neither \"pg_\" nor \"rds\"."
  }
}

variable "forwarded_percent" {
  description = "Share of the writer's connections, in percent, that the other regions may take for the writes they send on; what is beyond is refused. The same in all regions, since any may become the primary. A change takes effect at the next reboot."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition     = var.forwarded_percent >= 1 && var.forwarded_percent <= 100 && floor(var.forwarded_percent) == var.forwarded_percent
    error_message = "forwarded_percent must be a whole number between 1 and 100."
  }
}

variable "parameters" {
  description = "PostgreSQL parameters by name, beside or instead of the module's own; a change takes effect at the next reboot."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !contains(keys(var.parameters), "rds.force_ssl") && !contains(keys(var.parameters), "apg_write_forward.max_forwarding_connections_percent")
    error_message = "parameters must hold neither rds.force_ssl, since connections are always encrypted, nor what forwarded_percent says."
  }
}

variable "backup_retention_days" {
  description = "Days for which daily backups and the log for point-in-time recovery are kept in this region."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be between 1 and 35."
  }
}

variable "deletion_protection" {
  description = "Whether the global database and this region's cluster refuse to be deleted, and whether a last snapshot is kept of the primary."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of this region's KMS key, which encrypts storage, backups, Performance Insights and logs; its policy must let CloudWatch Logs use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\"."
  }
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
