output "topic_arn" {
  description = "ARN of the SNS topic."
  value       = aws_sns_topic.this.arn
}

output "alarm_names" {
  description = "Names of the alarms, sorted."
  value       = sort(values(aws_cloudwatch_metric_alarm.this)[*].alarm_name)
}

output "dashboard_name" {
  description = "Name of the dashboard; null when there is none."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}

output "budget_name" {
  description = "Name of the budget; null when there is none."
  value       = one(aws_budgets_budget.this[*].name)
}
