variable "name" {
  description = "Name of the network; begins the name of each of its resources."
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

variable "subnets" {
  description = "Subnets as maps of zone name to IPv4 range: public ones reach the internet directly, private ones through a NAT gateway."
  type = object({
    public  = map(string)
    private = map(string)
  })
  nullable = false

  validation {
    condition     = length(var.subnets.public) > 0 && keys(var.subnets.public) == keys(var.subnets.private)
    error_message = "subnets.public and subnets.private must name the same zones, at least one."
  }

  validation {
    condition = alltrue([
      for range in concat(values(var.subnets.public), values(var.subnets.private)) :
      can(cidrhost(range, 0)) && can(regex("/(1[6-9]|2[0-8])$", range))
    ])
    error_message = "Each range in subnets must be an IPv4 range between /16 and /28, such as \"10.0.0.0/20\"."
  }

  validation {
    # A range lies in the VPC when its first address, cut to the VPC's prefix, is the VPC's first address.
    condition = alltrue([
      for range in concat(values(var.subnets.public), values(var.subnets.private)) :
      try(
        tonumber(split("/", range)[1]) >= tonumber(split("/", var.cidr)[1]) &&
        cidrhost("${split("/", range)[0]}/${split("/", var.cidr)[1]}", 0) == cidrhost(var.cidr, 0),
        false
      )
    ])
    error_message = "Each range in subnets must lie within cidr."
  }

  validation {
    condition     = length(distinct(concat(values(var.subnets.public), values(var.subnets.private)))) == length(var.subnets.public) + length(var.subnets.private)
    error_message = "Each subnet needs a range of its own; one range in subnets is used twice."
  }
}

variable "nat_zones" {
  description = "Zones that get a NAT gateway. A private subnet goes out through its own zone's gateway, or else through the first one listed; where there is none, it reaches S3 and what has an interface endpoint."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(distinct(var.nat_zones)) == length(var.nat_zones)
    error_message = "nat_zones must list each zone once."
  }

  validation {
    condition     = alltrue([for zone in var.nat_zones : contains(keys(var.subnets.public), zone)])
    error_message = "nat_zones must be among the zones of subnets: ${join(", ", keys(var.subnets.public))}."
  }
}

variable "interface_endpoints" {
  description = "Services of AWS that get an interface endpoint in each private subnet, by what follows the region in their names: \"monitoring\", \"ecr.api\"."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for each in var.interface_endpoints : can(regex("^[a-z][a-z0-9.-]+$", each))])
    error_message = "Each of interface_endpoints must be a service as AWS names it, such as \"monitoring\" or \"ecr.api\"."
  }
}

variable "dynamodb_endpoint" {
  description = "Whether the VPC gets a gateway endpoint for DynamoDB as well, which is free as the one for S3 is."
  type        = bool
  default     = false
  nullable    = false
}

variable "flow_log_retention_days" {
  description = "Days for which the VPC's flow logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the flow logs; its policy must let CloudWatch Logs use it."
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
