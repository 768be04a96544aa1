variable "name" {
  description = "Name of the tier, such as \"chirp-web\"; the load balancer, target group and auto-scaling group carry it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name)) && !startswith(var.name, "internal-")
    error_message = "name must be 2 to 32 lower-case letters, digits or '-', begin with a letter, not end with '-' and not begin with 'internal-': a load balancer takes no other."
  }
}

variable "vpc_id" {
  description = "Id of the VPC in which the tier lives."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC, such as \"vpc-0a1b2c3d4e5f60718\"."
  }
}

variable "load_balancer" {
  description = "The load balancer: internal or internet-facing, its subnets (two zones or more) and the port on which it listens for HTTP, or for HTTPS when the ARN of a certificate is given."
  type = object({
    internal        = bool
    subnet_ids      = list(string)
    port            = optional(number, 80)
    certificate_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = length(var.load_balancer.subnet_ids) >= 2
    error_message = "load_balancer.subnet_ids must list at least two subnets, each in a zone of its own: a load balancer takes no fewer."
  }

  validation {
    condition     = var.load_balancer.port >= 1 && var.load_balancer.port <= 65535
    error_message = "load_balancer.port must be between 1 and 65535."
  }

  validation {
    condition     = var.load_balancer.certificate_arn == null || can(regex("^arn:[a-z-]+:(acm|iam):", var.load_balancer.certificate_arn))
    error_message = "load_balancer.certificate_arn must be the ARN of a certificate in this region, such as \"arn:aws:acm:us-east-1:111122223333:certificate/…\", or null."
  }
}

variable "ingress" {
  description = "Who may reach the load balancer: security groups by a name of your choice, CloudFront's origin-facing addresses, and the addresses that Route 53 checks health from, which ask health_checkers_path (servers.health_check_path unless given). The way out of each of these groups is opened too."
  type = object({
    security_group_ids   = optional(map(string), {})
    cloudfront           = optional(bool, false)
    health_checkers      = optional(bool, false)
    health_checkers_path = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^/[^ *?]*$", coalesce(var.ingress.health_checkers_path, "/")))
    error_message = "ingress.health_checkers_path must begin with '/' and hold no space and no wildcard: it is open to whoever knows it."
  }

  validation {
    condition     = length(var.ingress.security_group_ids) > 0 || var.ingress.cloudfront
    error_message = "ingress must let somebody in: security_group_ids with at least one group, or cloudfront = true, or both."
  }
}

variable "required_header" {
  description = "Header that tells one distribution from all others behind the same addresses: a request without it, and with exactly this value, is answered 403. Health checks are excepted where ingress admits health_checkers. null asks for none."
  type = object({
    name  = string
    value = string
  })
  default = null

  validation {
    condition     = var.required_header == null || can(regex("^[A-Za-z0-9-]{1,40}$", var.required_header.name))
    error_message = "required_header.name must be 1 to 40 letters, digits or '-', such as \"X-Origin-Key\"."
  }

  validation {
    condition     = var.required_header == null || can(regex("^[A-Za-z0-9-]{32,128}$", var.required_header.value))
    error_message = "required_header.value must be 32 to 128 letters, digits or '-': long enough not to be guessed, and without the load balancer's wildcards."
  }
}

variable "servers" {
  description = "The servers: subnets, type and architecture, the machine image (the newest Amazon Linux 2023 when null; another one has to be made of it), how many (least, at first, most), the HTTP port and health check path they serve, root volume, the CPU use the group is held at, the seconds a new server may take until it counts (warm-up) and until its health check does (grace), and whether all beyond the least number are Spot, of the type or of others that serve as well (none when null)."
  type = object({
    subnet_ids         = list(string)
    public_ip          = optional(bool, false)
    instance_type      = string
    architecture       = string
    image_id           = optional(string)
    min                = number
    desired            = number
    max                = number
    port               = optional(number, 8080)
    health_check_path  = optional(string, "/healthz")
    root_volume_gib    = optional(number, 20)
    cpu_target_percent = number
    warmup_seconds     = optional(number, 120)
    grace_seconds      = optional(number, 420)
    spot               = optional(object({ other_types = optional(list(string), []) }))
  })
  nullable = false

  validation {
    condition     = length(var.servers.subnet_ids) >= 1
    error_message = "servers.subnet_ids must list at least one subnet."
  }

  validation {
    condition     = contains(["arm64", "x86_64"], var.servers.architecture)
    error_message = "servers.architecture must be \"arm64\" or \"x86_64\"."
  }

  validation {
    condition     = var.servers.image_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.servers.image_id))
    error_message = "servers.image_id must be the id of a machine image, such as \"ami-0123456789abcdef0\", or null."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.servers.instance_type))
    error_message = "servers.instance_type must be an EC2 instance type, such as \"m7g.large\"."
  }

  validation {
    # Graviton types have a 'g' right after the generation (m7g, c8gn, t4g); a1 is the first of them.
    condition     = can(regex("^([a-z]+[0-9]+g|a1)", var.servers.instance_type)) == (var.servers.architecture == "arm64")
    error_message = "servers.instance_type ${var.servers.instance_type} does not run on servers.architecture ${var.servers.architecture}: Graviton types (m7g, c8g, t4g) are \"arm64\", all others \"x86_64\"."
  }

  validation {
    condition     = var.servers.min >= 1 && var.servers.min <= var.servers.desired && var.servers.desired <= var.servers.max
    error_message = "servers must have 1 <= min <= desired <= max."
  }

  validation {
    condition     = var.servers.port >= 1 && var.servers.port <= 65535
    error_message = "servers.port must be between 1 and 65535."
  }

  validation {
    condition     = can(regex("^/[^ ]*$", var.servers.health_check_path))
    error_message = "servers.health_check_path must begin with '/' and hold no space."
  }

  validation {
    condition     = var.servers.root_volume_gib >= 8 && var.servers.root_volume_gib <= 16384
    error_message = "servers.root_volume_gib must be between 8 (the image's own size) and 16384."
  }

  validation {
    condition     = var.servers.cpu_target_percent >= 1 && var.servers.cpu_target_percent <= 90
    error_message = "servers.cpu_target_percent must be between 1 and 90: above, nothing is left while new ones start."
  }

  validation {
    condition     = var.servers.warmup_seconds >= 0 && var.servers.grace_seconds >= 0
    error_message = "servers.warmup_seconds and servers.grace_seconds must not be negative."
  }

  validation {
    condition = alltrue([
      for type in try(var.servers.spot.other_types, []) :
      can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", type)) && can(regex("^([a-z]+[0-9]+g|a1)", type)) == (var.servers.architecture == "arm64")
    ])
    error_message = "servers.spot.other_types must be EC2 instance types of servers.architecture ${var.servers.architecture}."
  }

  validation {
    # The launch template says what becomes of CPU credits, or does not.
    condition     = alltrue([for type in try(var.servers.spot.other_types, []) : can(regex("^t[0-9]", type)) == can(regex("^t[0-9]", var.servers.instance_type))])
    error_message = "servers.spot.other_types must all be burstable (t4g, t3), or none of them, as servers.instance_type is."
  }

  validation {
    condition     = length(try(var.servers.spot.other_types, [])) < 40 && !contains(try(var.servers.spot.other_types, []), var.servers.instance_type)
    error_message = "servers.spot.other_types must name at most 39 types beside servers.instance_type, and not that one."
  }
}

variable "user_data" {
  description = "What a server runs at its first boot, in plain text: a shell script with its #! line, or cloud-config. The user data is readable by whoever may describe the launch template, so it holds no secrets."
  type        = string
  nullable    = false

  validation {
    # 16,384 bytes become 21,848 characters of base64; counting those counts bytes rather than characters.
    condition     = length(base64encode(var.user_data)) <= 21848
    error_message = "user_data must not be longer than 16 KiB."
  }
}

variable "reads" {
  description = "Objects of S3 that the servers may read, in any version: ARNs by a name of your choice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, arn in var.reads : can(regex("^[a-z][a-z-]*$", name)) && can(regex("^arn:[a-z-]+:s3:::[^/*]+/.+", arn))])
    error_message = "reads must hold ARNs of objects, such as { artifact = \"arn:aws:s3:::chirp-artifact/application.zip\" }, by names of small letters and '-'."
  }
}

variable "writes" {
  description = "Objects of S3 that the servers may put, such as those below a prefix: ARNs by a name of your choice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, arn in var.writes : can(regex("^[a-z][a-z-]*$", name)) && can(regex("^arn:[a-z-]+:s3:::[^/*]+/[^*]", arn))])
    error_message = "writes must hold ARNs of objects or of prefixes, such as { media = \"arn:aws:s3:::chirp-site/media/*\" }, by names of small letters and '-'; a whole bucket is too much."
  }
}

variable "secret" {
  description = "The secret that the servers may read, and the key that it is encrypted with; null for none."
  type = object({
    arn         = string
    kms_key_arn = string
  })
  default = null

  validation {
    condition     = var.secret == null || can(regex("^arn:[a-z-]+:secretsmanager:", var.secret.arn)) && can(regex("^arn:[a-z-]+:kms:", var.secret.kms_key_arn))
    error_message = "secret.arn must be the ARN of a secret, secret.kms_key_arn that of a KMS key."
  }
}

variable "instance_policies" {
  description = "Further permissions of the servers: inline IAM policies as JSON by name."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for policy in values(var.instance_policies) : can(jsondecode(policy).Statement)])
    error_message = "Each of instance_policies must be an IAM policy in JSON with a Statement."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
  default     = true
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

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the servers' volumes and the objects that they read and write; its policy must let EC2 Auto Scaling use it; null for AWS's own, which costs nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}
