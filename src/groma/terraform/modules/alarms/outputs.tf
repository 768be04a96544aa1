output "topic_arn" {
  description = "ARN of the SNS topic of pages: what somebody is to get up for."
  value       = aws_sns_topic.this.arn
}

output "ticket_topic_arn" {
  description = "ARN of the SNS topic of tickets: what is to be looked at in the hours of work."
  value       = aws_sns_topic.tickets.arn
}

output "alarm_names" {
  description = "Names of the alarms, sorted, those of composite alarms among them."
  value = sort(concat(
    values(aws_cloudwatch_metric_alarm.this)[*].alarm_name,
    values(local.composites)[*].alarm_name,
  ))
}

output "dashboard_name" {
  description = "Name of the dashboard; null when there is none."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}

output "budget_name" {
  description = "Name of the budget; null when there is none."
  value       = one(aws_budgets_budget.this[*].name)
}
