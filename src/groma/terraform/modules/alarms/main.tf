data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id

  comparisons = {
    ">"  = "GreaterThanThreshold"
    ">=" = "GreaterThanOrEqualToThreshold"
    "<"  = "LessThanThreshold"
    "<=" = "LessThanOrEqualToThreshold"
  }

  # Other statistics, such as "p99", CloudWatch calls extended.
  simple = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"]

  topics = tomap({
    page   = [aws_sns_topic.this.arn]
    ticket = [aws_sns_topic.tickets.arn]
    none   = []
  })

  rules = {
    for name, alarm in var.composites : name => join(length(alarm.all_of) > 0 ? " AND " : " OR ", [
      for each in concat(alarm.all_of, alarm.any_of) : "ALARM(\"${aws_cloudwatch_metric_alarm.this[each].alarm_name}\")"
    ])
  }
  held       = { for name, alarm in var.composites : name => alarm if try(contains(keys(var.composites), alarm.suppressor.alarm), false) }
  composites = merge(aws_cloudwatch_composite_alarm.this, aws_cloudwatch_composite_alarm.held)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = local.comparisons[each.value.comparison]
  threshold           = each.value.threshold
  evaluation_periods  = each.value.evaluation_periods
  datapoints_to_alarm = each.value.datapoints_to_alarm
  treat_missing_data  = each.value.missing_data
  alarm_actions       = local.topics[each.value.severity]

  insufficient_data_actions = local.topics[each.value.gap_severity]

  namespace          = each.value.namespace
  metric_name        = each.value.metric
  statistic          = try(contains(local.simple, each.value.statistic) ? each.value.statistic : null, null)
  extended_statistic = try(contains(local.simple, each.value.statistic) ? null : each.value.statistic, null)
  period             = each.value.expression == null ? each.value.period_seconds : null
  dimensions         = each.value.expression == null ? each.value.dimensions : null

  dynamic "metric_query" {
    for_each = each.value.expression[*]

    content {
      id          = "result"
      label       = metric_query.value.label
      expression  = metric_query.value.expression
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = try(each.value.expression.metrics, {})

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.metric
        stat        = metric_query.value.statistic
        period      = metric_query.value.period_seconds
        dimensions  = metric_query.value.dimensions
      }
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_cloudwatch_composite_alarm" "this" {
  for_each = { for name, alarm in var.composites : name => alarm if !contains(keys(local.held), name) }

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.description
  alarm_rule        = local.rules[each.key]
  alarm_actions     = local.topics[each.value.severity]
  ok_actions        = each.value.ok_mail ? local.topics[each.value.severity] : []

  dynamic "actions_suppressor" {
    for_each = each.value.suppressor[*]

    content {
      alarm            = aws_cloudwatch_metric_alarm.this[actions_suppressor.value.alarm].alarm_name
      wait_period      = actions_suppressor.value.wait_seconds
      extension_period = actions_suppressor.value.extension_seconds
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}

# What another composite alarm keeps quiet is made after that one.
resource "aws_cloudwatch_composite_alarm" "held" {
  for_each = local.held

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.description
  alarm_rule        = local.rules[each.key]
  alarm_actions     = local.topics[each.value.severity]
  ok_actions        = each.value.ok_mail ? local.topics[each.value.severity] : []

  actions_suppressor {
    alarm            = aws_cloudwatch_composite_alarm.this[each.value.suppressor.alarm].alarm_name
    wait_period      = each.value.suppressor.wait_seconds
    extension_period = each.value.suppressor.extension_seconds
  }

  tags = { Name = "${var.name}-${each.key}" }
}

# What burns slowly was kept quiet by a metric alarm before, and lay with what needs no other composite alarm.
moved {
  from = aws_cloudwatch_composite_alarm.this["web-5xx-slow"]
  to   = aws_cloudwatch_composite_alarm.held["web-5xx-slow"]
}

moved {
  from = aws_cloudwatch_composite_alarm.this["api-5xx-slow"]
  to   = aws_cloudwatch_composite_alarm.held["api-5xx-slow"]
}

# A day that costs far more than its part: found within a day rather than when the month's money is spent. Not AWS's
# anomaly detection, of which an account may have one monitor for all services, and new ones have it already.
resource "aws_budgets_budget" "daily" {
  count = var.budget_usd_per_day == null ? 0 : 1

  name         = "${var.name}-daily"
  budget_type  = "COST"
  time_unit    = "DAILY"
  limit_amount = format("%.2f", var.budget_usd_per_day)
  limit_unit   = "USD"

  notification {
    notification_type         = "ACTUAL"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.tickets.arn]
  }

  tags = { Name = "${var.name}-daily" }

  depends_on = [aws_sns_topic_policy.tickets] # Budgets checks that it may publish
}

# A budget is the account's: AWS sums up all of its costs, and those of this stack alone only after somebody
# has activated a cost allocation tag by hand.
resource "aws_budgets_budget" "this" {
  count = var.budget_usd == null ? 0 : 1

  name         = "${var.name}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = format("%.2f", var.budget_usd)
  limit_unit   = "USD"

  dynamic "notification" {
    for_each = toset(["ACTUAL", "FORECASTED"])

    content {
      notification_type         = notification.value
      comparison_operator       = "GREATER_THAN"
      threshold                 = 100
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [aws_sns_topic.tickets.arn]
    }
  }

  tags = { Name = "${var.name}-monthly" }

  depends_on = [aws_sns_topic_policy.tickets] # Budgets checks that it may publish
}
