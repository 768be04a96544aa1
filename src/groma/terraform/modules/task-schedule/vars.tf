variable "name" {
  description = "Name before those of schedules, queue, rule and role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name must be 1 to 40 letters, digits, '-' or '_': the role's name has the region behind it."
  }
}

variable "schedules" {
  description = "What is run and when, by a name of your choice: the expression in UTC (\"cron(0 3 * * ? *)\", \"rate(1 hour)\"), the ARN of the task definition with its revision, and what it does, in a few words."
  type = map(object({
    expression          = string
    task_definition_arn = string
    description         = string
  }))
  nullable = false

  validation {
    condition     = length(var.schedules) >= 1 && alltrue([for name in keys(var.schedules) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 20])
    error_message = "schedules must hold one or more, by names of at most 20 small letters, digits and '-', such as \"nightly\"."
  }

  validation {
    condition     = alltrue([for each in values(var.schedules) : can(regex("^(rate\\([1-9][0-9]* (minute|hour|day)s?\\)|cron\\([^)]+\\))$", each.expression))])
    error_message = "expression of each of schedules must be \"rate(…)\" or \"cron(…)\", such as \"cron(0 3 * * ? *)\"."
  }

  validation {
    condition     = alltrue([for each in values(var.schedules) : can(regex("^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/[A-Za-z0-9_-]+:[0-9]+$", each.task_definition_arn))])
    error_message = "task_definition_arn of each of schedules must be the ARN of a task definition with its revision."
  }

  validation {
    condition     = alltrue([for each in values(var.schedules) : length(each.description) >= 1 && length(each.description) <= 512])
    error_message = "description of each of schedules must be 1 to 512 characters."
  }
}

variable "cluster_arn" {
  description = "ARN of the ECS cluster that the tasks run in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/.+", var.cluster_arn))
    error_message = "cluster_arn must be the ARN of an ECS cluster."
  }
}

variable "subnet_ids" {
  description = "Ids of the subnets that the tasks run in, with a way out: none has a public address."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "subnet_ids must list at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Ids of the tasks' security groups."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) >= 1
    error_message = "security_group_ids must list at least one security group."
  }
}

variable "role_arns" {
  description = "ARNs of the roles that the task definitions name, which the schedules' role hands on, and no others."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.role_arns) >= 1 && alltrue([for arn in var.role_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", arn))])
    error_message = "role_arns must hold ARNs of roles."
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
