variable "name" {
  description = "Name of the cache: of its replication group, subnet group, user group and security group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 28
    error_message = "name must be at most 28 lower-case letters, digits or single '-', begin with a letter and not end with '-': ElastiCache takes no longer user name."
  }
}

variable "vpc_id" {
  description = "Id of the VPC in which the cache lives."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, such as \"vpc-0a1b2c3d4e5f60718\"."
  }
}

variable "subnet_ids" {
  description = "Ids of private subnets, each in a zone of its own; ElastiCache spreads the nodes of each shard over them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must list subnets of at least two zones: with one there is nowhere to fail over to."
  }
}

variable "client_security_group_ids" {
  description = "Security groups, by a name of your choice, that may reach port 6379; nobody else does. The way out of each is opened too."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.client_security_group_ids) > 0
    error_message = "client_security_group_ids must name at least one security group: nobody else reaches the cache."
  }
}

variable "engine_version" {
  description = "Valkey version, major and minor."
  type        = string
  default     = "8.0"
  nullable    = false

  validation {
    condition     = can(regex("^[78]\\.[0-9]+$", var.engine_version))
    error_message = "engine_version must be a Valkey version from 7.2 on, such as \"8.0\"."
  }
}

variable "node_type" {
  description = "Type of each node."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^cache\\.[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.node_type))
    error_message = "node_type must be an ElastiCache node type, such as \"cache.m7g.large\"."
  }
}

variable "shards" {
  description = "Shards over which the keys are spread; the cache holds what their primaries hold together."
  type        = number
  nullable    = false

  validation {
    condition     = var.shards >= 1 && var.shards <= 500 && floor(var.shards) == var.shards
    error_message = "shards must be a whole number between 1 and 500."
  }

  validation {
    condition     = var.shards * (1 + var.replicas_per_shard) <= 500
    error_message = "shards times (1 + replicas_per_shard) must be at most 500: ElastiCache takes no more nodes in one cache."
  }
}

variable "replicas_per_shard" {
  description = "Copies of each shard in further zones; they answer reads, and one takes over when the primary is lost."
  type        = number
  nullable    = false

  validation {
    condition     = var.replicas_per_shard >= 1 && var.replicas_per_shard <= 5 && floor(var.replicas_per_shard) == var.replicas_per_shard
    error_message = "replicas_per_shard must be a whole number between 1 and 5: without a replica the loss of a zone loses a shard."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts what the cache writes to disk."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\"."
  }
}
