variable "name" {
  description = "Name of the stack; begins the name of each alarm, and names topic, dashboard and budget."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,62}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 64 lower-case letters, digits or '-', begin with a letter and not end with '-'."
  }
}

variable "email" {
  description = "E-mail address that gets the alarms, once its owner has confirmed both subscriptions; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", var.email))
    error_message = "email must be an e-mail address, such as \"ops@example.com\", or null for none."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the topics; its policy must let CloudWatch and Budgets use it. null with own_key."
  type        = string
  default     = null

  validation {
    condition     = var.own_key ? var.kms_key_arn == null : can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null with own_key."
  }
}

variable "own_key" {
  description = "Whether the topics are encrypted by a key that is made with them, in a region that has none of the stack's."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarms" {
  description = "Alarms by name. Each watches either one metric (namespace, metric, statistic, dimensions) or an expression over several metrics, and fires when datapoints_to_alarm of the last evaluation_periods periods compare to the threshold as given. severity says whom it tells: page (what somebody is to get up for), ticket, or none for one that only a composite alarm reads; gap_severity the same of data that stop coming."
  type = map(object({
    description    = string
    namespace      = optional(string)
    metric         = optional(string)
    statistic      = optional(string)
    period_seconds = optional(number, 60)
    dimensions     = optional(map(string), {})
    expression = optional(object({
      label      = string
      expression = string
      metrics = map(object({
        namespace      = string
        metric         = string
        statistic      = string
        period_seconds = optional(number, 60)
        dimensions     = map(string)
      }))
    }))
    comparison          = string
    threshold           = number
    evaluation_periods  = number
    datapoints_to_alarm = number
    missing_data        = optional(string, "missing")
    severity            = optional(string, "page")
    gap_severity        = optional(string, "none")
  }))
  nullable = false

  validation {
    condition     = length(var.alarms) > 0 && alltrue([for name in keys(var.alarms) : can(regex("^[A-Za-z0-9._-]{1,128}$", name))])
    error_message = "alarms must hold at least one alarm, each named with up to 128 letters, digits, '.', '_' or '-'."
  }

  validation {
    condition = alltrue([
      for alarm in values(var.alarms) : alarm.expression == null
      ? alarm.namespace != null && alarm.metric != null && alarm.statistic != null
      : alarm.namespace == null && alarm.metric == null && alarm.statistic == null && length(alarm.dimensions) == 0
    ])
    error_message = "Each of alarms must have either namespace, metric and statistic, or an expression, not both."
  }

  validation {
    condition = alltrue([
      for statistic in flatten([
        for alarm in values(var.alarms) : alarm.expression == null ? compact([alarm.statistic]) : values(alarm.expression.metrics)[*].statistic
      ]) : can(regex("^(Average|Sum|Minimum|Maximum|SampleCount|p(100|[0-9]{1,2}(\\.[0-9]+)?)|TC\\(([0-9.]+:[0-9.]*|:[0-9.]+)\\))$", statistic))
    ])
    error_message = "statistic in alarms must be \"Average\", \"Sum\", \"Minimum\", \"Maximum\", \"SampleCount\", a percentile such as \"p99.9\", or a count between two values such as \"TC(0.3:)\"."
  }

  validation {
    condition = alltrue([
      for seconds in flatten([
        for alarm in values(var.alarms) : alarm.expression == null ? [alarm.period_seconds] : values(alarm.expression.metrics)[*].period_seconds
      ]) : contains([10, 30], seconds) || (seconds >= 60 && seconds % 60 == 0)
    ])
    error_message = "period_seconds in alarms must be 10, 30 or a multiple of 60."
  }

  validation {
    condition = alltrue([
      for alarm in values(var.alarms) : alarm.expression == null ? true : length(alarm.expression.metrics) > 0 && alltrue([
        for id in keys(alarm.expression.metrics) : can(regex("^[a-z][A-Za-z0-9_]*$", id)) && id != "result"
      ])
    ])
    error_message = "expression.metrics in alarms must name at least one metric; a name begins with a lower-case letter, holds letters, digits or '_', and is not \"result\"."
  }

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : contains([">", ">=", "<", "<="], alarm.comparison)])
    error_message = "comparison in alarms must be \">\", \">=\", \"<\" or \"<=\"."
  }

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : alarm.datapoints_to_alarm >= 1 && alarm.datapoints_to_alarm <= alarm.evaluation_periods])
    error_message = "datapoints_to_alarm in alarms must be between 1 and evaluation_periods."
  }

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : contains(["missing", "ignore", "breaching", "notBreaching"], alarm.missing_data)])
    error_message = "missing_data in alarms must be \"missing\", \"ignore\", \"breaching\" or \"notBreaching\"."
  }

  validation {
    condition     = alltrue([for alarm in values(var.alarms) : alltrue([for severity in [alarm.severity, alarm.gap_severity] : contains(["page", "ticket", "none"], severity)])])
    error_message = "severity and gap_severity in alarms must be \"page\", \"ticket\" or \"none\"."
  }
}

variable "composites" {
  description = "Composite alarms by name: each is on while all of some of the alarms are on, or any of them, and tells as its severity says (page, ticket or none); with ok_mail also when all is well again, as it is when it is made. With a suppressor it is quiet while that alarm is on, for extension_seconds after it, and waits wait_seconds for it first."
  type = map(object({
    description = string
    all_of      = optional(list(string), [])
    any_of      = optional(list(string), [])
    severity    = optional(string, "page")
    ok_mail     = optional(bool, false)
    suppressor = optional(object({
      alarm             = string
      wait_seconds      = number
      extension_seconds = number
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for alarm in values(var.composites) : (length(alarm.all_of) > 0) != (length(alarm.any_of) > 0) && length(setsubtract(concat(alarm.all_of, alarm.any_of), keys(var.alarms))) == 0])
    error_message = "composites must name at least one alarm each, in all_of or in any_of, each of those in alarms."
  }

  validation {
    condition     = alltrue([for alarm in values(var.composites) : alarm.suppressor == null ? true : contains(concat(keys(var.alarms), [for name, each in var.composites : name if !contains(keys(var.composites), try(each.suppressor.alarm, ""))]), alarm.suppressor.alarm) && alarm.suppressor.wait_seconds >= 0 && alarm.suppressor.extension_seconds >= 0])
    error_message = "suppressor.alarm in composites must be one of alarms, or of the composites that no other composite keeps quiet, and its periods not less than 0."
  }

  validation {
    condition     = alltrue([for alarm in values(var.composites) : contains(["page", "ticket", "none"], alarm.severity)])
    error_message = "severity in composites must be \"page\", \"ticket\" or \"none\"."
  }

  validation {
    condition     = alltrue([for name in keys(var.composites) : can(regex("^[A-Za-z0-9._-]{1,128}$", name)) && !contains(keys(var.alarms), name)])
    error_message = "composites must each be named with up to 128 letters, digits, '.', '_' or '-', and not as one of alarms."
  }
}

variable "budget_usd" {
  description = "Monthly budget of the account in US dollars; a message goes out when the costs, or their forecast, pass it. null for none."
  type        = number
  default     = null

  validation {
    condition     = var.budget_usd == null || try(var.budget_usd > 0, false)
    error_message = "budget_usd must be more than 0, or null for no budget."
  }
}

variable "budget_usd_per_day" {
  description = "Daily budget of the account in US dollars; a message goes out when the costs of a day pass it. null for none."
  type        = number
  default     = null

  validation {
    condition     = var.budget_usd_per_day == null || try(var.budget_usd_per_day > 0, false)
    error_message = "budget_usd_per_day must be more than 0, or null for no budget."
  }
}

variable "sections" {
  description = "Sections of the dashboard from top to bottom, each with its title and the names of the alarms that it draws. Names that are not among alarms are left out; alarms that no section names come last."
  type = list(object({
    title  = string
    alarms = list(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(flatten(var.sections[*].alarms)) == length(distinct(flatten(var.sections[*].alarms)))
    error_message = "sections must name each alarm once."
  }
}

variable "elsewhere" {
  description = "Alarms of other regions, by region and name, which the dashboard draws as well: what AWS publishes in one region alone. They are made by a module of their own, under the same name."
  type = map(map(object({
    namespace      = optional(string)
    metric         = optional(string)
    statistic      = optional(string)
    period_seconds = optional(number, 60)
    dimensions     = optional(map(string), {})
    expression = optional(object({
      label      = string
      expression = string
      metrics = map(object({
        namespace      = string
        metric         = string
        statistic      = string
        period_seconds = optional(number, 60)
        dimensions     = map(string)
      }))
    }))
    comparison   = string
    threshold    = number
    severity     = optional(string, "page")
    gap_severity = optional(string, "none")
  })))
  default  = {}
  nullable = false

  validation {
    condition     = length(setintersection(flatten([for alarms in values(var.elsewhere) : keys(alarms)]), keys(var.alarms))) == 0
    error_message = "elsewhere must name no alarm as alarms does."
  }
}

variable "dashboard" {
  description = "Whether to make a dashboard: what pages, with its state, and a graph for each alarm."
  type        = bool
  default     = true
  nullable    = false
}
