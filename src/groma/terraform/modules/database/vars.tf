variable "name" {
  description = "Name of the database; its instances are <name>-master, <name>-replica, <name>-replica-2 and so on. With '_' for '-' it names the first database inside."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be at most 40 lower-case letters, digits or single '-', begin with a letter and not end with '-'."
  }
}

variable "vpc_id" {
  description = "Id of the VPC in which the database lives."
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
  description = "Security groups, by a name of your choice, that may reach the database's port; nobody else does. The way out of each is opened too."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.client_security_group_ids) > 0
    error_message = "client_security_group_ids must name at least one security group: nobody else reaches the database."
  }
}

variable "engine" {
  description = "What RDS calls the engine: \"postgres\" or \"mysql\"."
  type        = string
  default     = "postgres"
  nullable    = false

  validation {
    condition     = contains(["postgres", "mysql"], var.engine)
    error_message = "engine must be \"postgres\" or \"mysql\"."
  }
}

variable "engine_version" {
  description = "Version of the engine: a major one (\"16\", \"8.4\") follows RDS's minor upgrades, a full one (\"16.8\", \"8.4.5\") also fixes the first minor; null takes 16 or 8.4."
  type        = string
  default     = null

  validation {
    condition = var.engine_version == null || can(regex(
      var.engine == "mysql" ? "^8\\.4(\\.[0-9]+)?$" : "^1[4-9](\\.[0-9]+)?$", var.engine_version
    ))
    error_message = "engine_version must be a PostgreSQL version from 14 on, such as \"16\" or \"16.8\", or of MySQL \"8.4\" or one of it such as \"8.4.5\"."
  }
}

variable "master" {
  description = "The instance that takes the writes: its class and zone."
  type = object({
    instance_class = string
    zone           = string
  })
  nullable = false

  validation {
    condition     = can(regex("^db\\.[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.master.instance_class))
    error_message = "master.instance_class must be an RDS class, such as \"db.m7g.large\"."
  }
}

variable "replica" {
  description = "The read replica: its class and zone; null for none."
  type = object({
    instance_class = string
    zone           = string
  })
  default = null

  validation {
    condition     = var.replica == null || can(regex("^db\\.[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.replica.instance_class))
    error_message = "replica.instance_class must be an RDS class, such as \"db.m7g.large\"."
  }

  validation {
    condition     = var.replica == null || try(var.replica.zone != var.master.zone, false)
    error_message = "replica.zone must differ from master.zone: a replica in the same zone is lost with it."
  }

  validation {
    condition     = var.replica == null || var.password_version != null
    error_message = "replica needs secret_arn, password and password_version: RDS makes no replica of a master whose password it keeps itself."
  }
}

variable "more_replicas" {
  description = "Read replicas beyond the first, at most 14: class and zone of each, of which one may be the master's; a replica keeps its place in the list."
  type = list(object({
    instance_class = string
    zone           = string
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for each in var.more_replicas : can(regex("^db\\.[a-z][a-z0-9-]*\\.[a-z0-9-]+$", each.instance_class))])
    error_message = "Each instance_class of more_replicas must be an RDS class, such as \"db.m7g.large\"."
  }

  validation {
    condition     = length(var.more_replicas) == 0 || var.replica != null
    error_message = "more_replicas needs replica, the first one, which stands in another zone than the master."
  }

  validation {
    condition     = length(var.more_replicas) <= 14
    error_message = "more_replicas must be at most 14: RDS makes no more than 15 replicas of an instance."
  }
}

variable "standby_of" {
  description = "An instance in another region of which the master is a read replica until it is promoted: its ARN, and of its database the name and the secret's ARN in this region. secret_arn, password and replica are left out then. null for a database of its own."
  type = object({
    instance_arn  = string
    database_name = string
    secret_arn    = string
  })
  default = null

  validation {
    condition     = var.standby_of == null || can(regex("^arn:[a-z-]+:rds:[a-z0-9-]+:[0-9]{12}:db:", var.standby_of.instance_arn))
    error_message = "standby_of.instance_arn must be the ARN of a database instance, such as \"arn:aws:rds:us-east-1:111122223333:db:chirp-database-master\"."
  }

  validation {
    condition     = var.standby_of == null || var.secret_arn == null
    error_message = "standby_of and secret_arn exclude each other: a replica has the password of what it copies."
  }

  validation {
    condition     = var.standby_of == null || !var.multi_az
    error_message = "standby_of and multi_az exclude each other: the copy in another region is the standby."
  }
}

variable "multi_az" {
  description = "Whether the master has a standby in another zone that takes over by itself; RDS then chooses which of the zones of subnet_ids the master begins in."
  type        = bool
  default     = false
  nullable    = false
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
  description = "ARN of the secret that holds the master user's name and password; null when RDS makes the password and keeps it in a secret of its own."
  type        = string
  default     = null

  validation {
    condition     = var.secret_arn == null || can(regex("^arn:[a-z-]+:secretsmanager:", var.secret_arn))
    error_message = "secret_arn must be the ARN of a secret, such as \"arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c\"."
  }
}

variable "password" {
  description = "The master user's password as the secret holds it; it is written to RDS alone, neither to the plan nor to the state. With secret_arn only."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = (var.password == null) == (var.secret_arn == null)
    error_message = "password and secret_arn must be given together: the secret is where the password is looked up."
  }

  validation {
    condition     = var.password == null || can(regex("^[!#-.0-?A-~]{8,128}$", var.password))
    error_message = "password must be 8 to 128 printable ASCII characters, none of them '/', '@', '\"' or a space."
  }
}

variable "password_version" {
  description = "Version of the password: RDS takes the password anew when this changes. With secret_arn only."
  type        = number
  default     = null

  validation {
    condition     = (var.password_version == null) == (var.secret_arn == null)
    error_message = "password_version and secret_arn must be given together: without a version a new password would never reach RDS."
  }
}

variable "storage" {
  description = "Storage of each instance in GiB: at first, and the most it may grow to by itself; gp3, or io2 with its iops. iops above gp3's baseline can be bought from 400 GiB on."
  type = object({
    gib     = number
    max_gib = number
    type    = optional(string, "gp3")
    iops    = optional(number)
  })
  nullable = false

  validation {
    condition     = var.storage.gib >= 20 && var.storage.gib <= 65536
    error_message = "storage.gib must be between 20 and 65536."
  }

  validation {
    condition     = var.storage.max_gib >= 1.1 * var.storage.gib && var.storage.max_gib <= 65536
    error_message = "storage.max_gib must be at least a tenth more than storage.gib, and at most 65536."
  }

  validation {
    condition     = contains(["gp3", "io2"], var.storage.type)
    error_message = "storage.type must be \"gp3\" or \"io2\"."
  }

  validation {
    condition     = var.storage.type != "io2" || try(var.storage.gib >= 100 && var.storage.iops >= 1000 && var.storage.iops <= 256000 && var.storage.iops <= 1000 * var.storage.gib && var.storage.iops >= 0.5 * var.storage.max_gib, false)
    error_message = "io2 takes storage.gib of 100 or more and storage.iops between 1000 and 256000: at most 1000 for each GiB, and at least one for each 2 GiB of storage.max_gib."
  }

  validation {
    condition     = var.storage.type == "io2" || var.storage.iops == null || try(var.storage.gib >= 400 && var.storage.iops >= 12000 && var.storage.iops <= 64000, false)
    error_message = "storage.iops must be between 12000 and 64000, and only with storage.gib of 400 or more; null takes gp3's baseline."
  }
}

variable "parameters" {
  description = "Parameters of the engine by name, beside or instead of the module's own; a change takes effect at the next reboot."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection(keys(var.parameters), ["rds.force_ssl", "require_secure_transport"])) == 0
    error_message = "parameters must hold neither rds.force_ssl nor require_secure_transport: connections are always encrypted."
  }
}

variable "backup_retention_days" {
  description = "Days for which daily backups and the log for point-in-time recovery are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be between 1 and 35: a replica cannot be made without backups."
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

variable "deletion_protection" {
  description = "Whether the instances refuse to be deleted, and whether a last snapshot is kept of the master."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts storage, backups, the password that RDS keeps, Performance Insights and logs; its policy must let CloudWatch Logs use it."
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
