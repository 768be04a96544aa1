output "target_group_arns" {
  description = "Target groups by tier."
  value       = { for tier, group in aws_lb_target_group.server : tier => group.arn }
}

output "group_names" {
  description = "Auto-scaling groups by tier."
  value       = { for tier, group in aws_autoscaling_group.server : tier => group.name }
}
