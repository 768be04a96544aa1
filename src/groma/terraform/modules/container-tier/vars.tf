variable "name" {
  description = "Name of the tier, such as \"chirp-web\"; the load balancer, target group, service and task definition carry it."
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
  description = "Who may reach the load balancer: security groups by a name of your choice, CloudFront's origin-facing addresses, and the addresses that Route 53 checks health from, which ask health_checkers_path (tasks.health_check_path unless given). The way out of each of these groups is opened too."
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

variable "tasks" {
  description = "The tasks: the cluster, subnets, CPU units (1,024 are a vCPU) and MiB of memory in a step of Fargate's, architecture, how many (least, at first, most), the HTTP port and health check path they serve, the CPU use the service is held at, and the seconds a new task may take until its health check counts (grace)."
  type = object({
    cluster_arn        = string
    subnet_ids         = list(string)
    cpu                = number
    memory_mib         = number
    architecture       = string
    min                = number
    desired            = number
    max                = number
    port               = optional(number, 8080)
    health_check_path  = optional(string, "/healthz")
    cpu_target_percent = number
    grace_seconds      = optional(number, 120)
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/.+", var.tasks.cluster_arn))
    error_message = "tasks.cluster_arn must be the ARN of an ECS cluster."
  }

  validation {
    condition     = length(var.tasks.subnet_ids) >= 1
    error_message = "tasks.subnet_ids must list at least one subnet."
  }

  validation {
    condition     = contains(["arm64", "x86_64"], var.tasks.architecture)
    error_message = "tasks.architecture must be \"arm64\" or \"x86_64\"."
  }

  validation {
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.tasks.cpu, []), var.tasks.memory_mib)
    error_message = "tasks.cpu ${var.tasks.cpu} with tasks.memory_mib ${var.tasks.memory_mib} is no step of Fargate's: 256 units take 512 to 2,048 MiB, 512 units 1 to 4 GiB, 1,024 units 2 to 8, 2,048 units 4 to 16, 4,096 units 8 to 30 by 1 GiB, 8,192 units 16 to 60 by 4, 16,384 units 32 to 120 by 8."
  }

  validation {
    condition     = var.tasks.min >= 1 && var.tasks.min <= var.tasks.desired && var.tasks.desired <= var.tasks.max
    error_message = "tasks must have 1 <= min <= desired <= max."
  }

  validation {
    condition     = var.tasks.port >= 1 && var.tasks.port <= 65535
    error_message = "tasks.port must be between 1 and 65535."
  }

  validation {
    condition     = can(regex("^/[^ ]*$", var.tasks.health_check_path))
    error_message = "tasks.health_check_path must begin with '/' and hold no space."
  }

  validation {
    condition     = var.tasks.cpu_target_percent >= 1 && var.tasks.cpu_target_percent <= 90
    error_message = "tasks.cpu_target_percent must be between 1 and 90: above, nothing is left while new ones start."
  }

  validation {
    condition     = var.tasks.grace_seconds >= 0
    error_message = "tasks.grace_seconds must not be negative."
  }
}

variable "container" {
  description = "What each task runs: an image with its tag or digest, entry point and command instead of the image's own, its environment, and where its secrets lie, by variable: the ARN of a secret, with `:key::` behind it for a key of its JSON, `secretsmanager:name` or `secretsmanager:name#key` for one of this account and region, or the name of a parameter of SSM, which begins with '/'. Labels are the container's: tasks are started anew when one changes."
  type = object({
    image       = string
    entry_point = optional(list(string))
    command     = optional(list(string))
    environment = optional(map(string), {})
    secrets     = optional(map(string), {})
    labels      = optional(map(string), {})
  })
  nullable = false

  validation {
    condition     = can(regex("^[^ ]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$", var.container.image))
    error_message = "container.image must name an image with its tag or digest, such as \"ghcr.io/acme/shop:1.4\"."
  }

  validation {
    condition     = alltrue([for place in values(var.container.secrets) : can(regex("^(arn:[a-z-]+:(secretsmanager|ssm):|secretsmanager:|/)[^ ]+$", place))])
    error_message = "container.secrets must say where each secret lies: an ARN, secretsmanager:name, secretsmanager:name#key, or the name of a parameter; never the value itself."
  }

  validation {
    condition     = length(setintersection(keys(var.container.environment), keys(var.container.secrets))) == 0
    error_message = "container tells a variable twice, in environment and in secrets."
  }
}

variable "migration" {
  description = "What is run once for each release before its tasks serve, in the application's image by its /bin/sh instead of its entry point, by one task while the others wait: a release is an image's name and this command. `database_url` is where a PostgreSQL URL lies, as container.secrets say it: a lock is held there, and a row in a table of the schema `groma` says what is done. `image` has psql and /bin/sh. null for nothing."
  type = object({
    command      = list(string)
    database_url = string
    image        = optional(string, "public.ecr.aws/docker/library/postgres:17-alpine")
  })
  default = null

  validation {
    condition     = try(length(var.migration.command) > 0, var.migration == null)
    error_message = "migration must have a command."
  }

  validation {
    condition     = try(can(regex("^arn:[a-z-]+:(secretsmanager|ssm):[^ ]+$", var.migration.database_url)), false) || var.migration == null
    error_message = "migration.database_url must be the ARN of a secret or parameter, with `:key::` behind it for a key of its JSON; never the URL itself."
  }
}

variable "agent" {
  description = "The CloudWatch agent beside the application in each task, also of workers and runs, which takes traces from within the task on the ports 4317 and 4318 (OpenTelemetry's) and 2000 (X-Ray's), and sends them to X-Ray, as `policies` has to allow: its image, and the MiB of memory that are kept for it. null for none."
  type = object({
    image      = optional(string, "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300062.0b1304")
    memory_mib = optional(number, 128)
  })
  default = null

  validation {
    condition     = try(can(regex("[:@][^/]+$", var.agent.image)), false) || var.agent == null
    error_message = "agent.image must name its tag or digest: without one tasks that start later may run another."
  }

  validation {
    condition = try(
      var.agent.memory_mib >= 64 && alltrue([for each in concat([var.tasks], values(var.workers), values(var.runs)) : var.agent.memory_mib < each.memory_mib]),
      var.agent == null,
    )
    error_message = "agent.memory_mib must be at least 64, and less than what each task has, those of workers and runs too."
  }
}

variable "workers" {
  description = "What works off queues beside the application, by a name of your choice: the command that the same image runs, what it is told besides the application's environment, such as where its queue is, how many tasks (their number is fixed), and the CPU units and MiB of memory of each, in a step of Fargate's."
  type = map(object({
    command     = list(string)
    environment = optional(map(string), {})
    count       = number
    cpu         = number
    memory_mib  = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.workers) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 20])
    error_message = "workers must have names of at most 20 small letters, digits and '-', such as \"thumbnails\"."
  }

  validation {
    condition     = alltrue([for worker in values(var.workers) : length(worker.command) > 0 && worker.count >= 1])
    error_message = "Each of workers must have a command, and a count of 1 or more."
  }

  validation {
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
    condition = alltrue([for worker in values(var.workers) : contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, worker.cpu, []), worker.memory_mib)])
    error_message = "cpu and memory_mib of each of workers must be a step of Fargate's: 256 units take 512 to 2,048 MiB, 512 units 1 to 4 GiB, 1,024 units 2 to 8, 2,048 units 4 to 16, 4,096 units 8 to 30 by 1 GiB, 8,192 units 16 to 60 by 4, 16,384 units 32 to 120 by 8."
  }

  validation {
    condition     = alltrue([for worker in values(var.workers) : length(setintersection(keys(worker.environment), keys(var.container.secrets))) == 0])
    error_message = "workers tells a variable that container.secrets tells already."
  }
}

variable "runs" {
  description = "What is run at times beside the application, by a name of your choice: the command that the same image runs, what it is told besides the application's environment, and the CPU units and MiB of memory of its task, in a step of Fargate's. Each has a task definition; the module `task-schedule` starts them."
  type = map(object({
    command     = list(string)
    environment = optional(map(string), {})
    cpu         = number
    memory_mib  = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.runs) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 20])
    error_message = "runs must have names of at most 20 small letters, digits and '-', such as \"nightly\"."
  }

  validation {
    condition     = length(setintersection([for name in keys(var.runs) : "run-${name}"], keys(var.workers))) == 0
    error_message = "workers must not be called as runs are, with \"run-\" before it: their logs would be one."
  }

  validation {
    condition     = alltrue([for run in values(var.runs) : length(run.command) > 0])
    error_message = "Each of runs must have a command."
  }

  validation {
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
    condition = alltrue([for run in values(var.runs) : contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, run.cpu, []), run.memory_mib)])
    error_message = "cpu and memory_mib of each of runs must be a step of Fargate's: 256 units take 512 to 2,048 MiB, 512 units 1 to 4 GiB, 1,024 units 2 to 8, 2,048 units 4 to 16, 4,096 units 8 to 30 by 1 GiB, 8,192 units 16 to 60 by 4, 16,384 units 32 to 120 by 8."
  }

  validation {
    condition     = alltrue([for run in values(var.runs) : length(setintersection(keys(run.environment), keys(var.container.secrets))) == 0])
    error_message = "runs tells a variable that container.secrets tells already."
  }
}

variable "policies" {
  description = "Further permissions of the application and its workers: inline IAM policies as JSON by name."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for policy in values(var.policies) : can(jsondecode(policy).Statement)])
    error_message = "Each of policies must be an IAM policy in JSON with a Statement."
  }
}

variable "writes" {
  description = "Objects of S3 that the tasks may put, such as those below a prefix: ARNs by a name of your choice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, arn in var.writes : can(regex("^[a-z][a-z-]*$", name)) && can(regex("^arn:[a-z-]+:s3:::[^/*]+/[^*]", arn))])
    error_message = "writes must hold ARNs of objects or of prefixes, such as { media = \"arn:aws:s3:::chirp-site/media/*\" }, by names of small letters and '-'; a whole bucket is too much."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the logs, and those secrets that are encrypted with a key of one's own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "log_retention_days" {
  description = "For how many days it is kept what the tasks print."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a number of days that CloudWatch Logs takes, such as 14, 30, 90 or 365."
  }
}

variable "permissions_boundary" {
  description = "ARN of the managed policy that bounds what the module's roles may do, whatever its policies allow; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a managed policy, such as \"arn:aws:iam::111122223333:policy/boundary\", or null."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
  default     = true
  nullable    = false
}
