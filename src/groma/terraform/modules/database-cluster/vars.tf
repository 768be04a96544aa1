variable "name" {
  description = "Name of the cluster; its instances are <name>-1, <name>-2 and so on. With '_' for '-' it names the first database inside."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be at most 40 lower-case letters, digits or single '-', begin with a letter and not end with '-'."
  }
}

variable "vpc_id" {
  description = "Id of the VPC in which the cluster lives."
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
  description = "Version of Aurora PostgreSQL: a major one (\"16\") follows Aurora's minor upgrades, a full one (\"16.8\") stays until another is stated."
  type        = string
  default     = "16"
  nullable    = false

  validation {
    condition     = can(regex("^1[4-9](\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be a version of Aurora PostgreSQL from 14 on, such as \"16\" or \"16.8\"."
  }
}

variable "instances" {
  description = "The instances: their class, how many, and the zones they take in turn. One of them takes the writes; all others answer reads."
  type = object({
    class = string
    count = number
    zones = list(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^db\\.[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instances.class))
    error_message = "instances.class must be a class that Aurora has, such as \"db.r7g.large\"."
  }

  validation {
    condition     = var.instances.count >= 1 && var.instances.count <= 16 && floor(var.instances.count) == var.instances.count
    error_message = "instances.count must be a whole number between 1 and 16: a writer, and up to 15 readers."
  }

  validation {
    condition     = length(var.instances.zones) >= 1 && length(distinct(var.instances.zones)) == length(var.instances.zones)
    error_message = "instances.zones must list at least one zone, each once."
  }

  validation {
    condition     = var.instances.count == 1 || length(var.instances.zones) >= 2
    error_message = "instances.zones must list at least two zones for several instances: readers in the writer's zone alone are lost with it."
  }
}

variable "username" {
  description = "Name of the master user."
  type        = string
  default     = "administrator"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.username)) && !can(regex("^(admin$|pg_|rds)", var.username))
    error_message = "username must be 1 to 63 lower-case letters, digits or '_', begin with a letter, and be neither \"admin\" nor begin with \"pg_\" or \"rds\", which PostgreSQL and RDS keep for themselves."
  }
}

variable "secret_arn" {
  description = "ARN of the secret that holds the master user's name and password, as the module database-secret makes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:secretsmanager:", var.secret_arn))
    error_message = "secret_arn must be the ARN of a secret, such as \"arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c\"."
  }
}

variable "password" {
  description = "The master user's password as the secret holds it; it is written to RDS alone, neither to the plan nor to the state."
  type        = string
  nullable    = false
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = can(regex("^[!#-.0-?A-~]{8,128}$", var.password))
    error_message = "password must be 8 to 128 printable ASCII characters, none of them '/', '@', '\"' or a space."
  }
}

variable "password_version" {
  description = "Version of the password: RDS takes the password anew when this changes."
  type        = number
  nullable    = false

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "password_version must be a whole number from 1 on, as the module database-secret counts them."
  }
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

variable "parameters" {
  description = "PostgreSQL parameters of the cluster by name, beside or instead of the module's own; a change takes effect at the next reboot."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !contains(keys(var.parameters), "rds.force_ssl")
    error_message = "parameters must not hold rds.force_ssl: connections are always encrypted."
  }
}

variable "backup_retention_days" {
  description = "Days for which daily backups and the log for point-in-time recovery are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be between 1 and 35."
  }
}

variable "deletion_protection" {
  description = "Whether the cluster refuses to be deleted, and whether a last snapshot is kept of it."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts storage, backups, Performance Insights and logs; its policy must let CloudWatch Logs use it."
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
