output "schedule_names" {
  description = "Names of the schedules, by name of yours; each is in a group that is called as it is."
  value       = { for name, each in aws_scheduler_schedule.this : name => each.name }
}

output "group_names" {
  description = "Names of the schedules' groups (dimension ScheduleGroup), by name of yours."
  value       = { for name, each in aws_scheduler_schedule_group.this : name => each.name }
}

output "failed_url" {
  description = "URL of the queue of what could not be started or failed."
  value       = aws_sqs_queue.failed.url
}

output "failed_name" {
  description = "Name of the queue of what could not be started or failed (dimension QueueName)."
  value       = aws_sqs_queue.failed.name
}

output "failed_rule_name" {
  description = "Name of the rule of EventBridge that finds tasks that failed."
  value       = aws_cloudwatch_event_rule.failed.name
}
