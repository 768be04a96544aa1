output "load_balancer_dns_name" {
  description = "DNS name under which the load balancer is reached."
  value       = aws_lb.this.dns_name
}

output "load_balancer_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "load_balancer_arn_suffix" {
  description = "What CloudWatch calls the load balancer (dimension LoadBalancer)."
  value       = aws_lb.this.arn_suffix
}

output "load_balancer_zone_id" {
  description = "Id of the hosted zone that the load balancer's DNS name is in, for alias records."
  value       = aws_lb.this.zone_id
}

output "target_group_arn" {
  description = "ARN of the target group."
  value       = aws_lb_target_group.this.arn
}

output "target_group_arn_suffix" {
  description = "What CloudWatch calls the target group (dimension TargetGroup)."
  value       = aws_lb_target_group.this.arn_suffix
}

output "service_name" {
  description = "Name of the service (dimension ServiceName)."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "ARN of the task definition, with its revision."
  value       = aws_ecs_task_definition.this.arn
}

output "log_group_name" {
  description = "Name of the log group that the tasks print to."
  value       = aws_cloudwatch_log_group.this.name
}

output "task_security_group_id" {
  description = "Id of the tasks' security group; name it where the tasks may call."
  value       = aws_security_group.tasks.id
}

output "load_balancer_security_group_id" {
  description = "Id of the load balancer's security group."
  value       = aws_security_group.load_balancer.id
}

output "role_name" {
  description = "Name of the tasks' IAM role."
  value       = aws_iam_role.task.name
}

output "worker_service_names" {
  description = "Names of the workers' services (dimension ServiceName), by worker."
  value       = { for name, service in aws_ecs_service.worker : name => service.name }
}

output "run_task_definition_arns" {
  description = "ARNs of the task definitions of what is run at times, with their revisions, by its name."
  value       = { for name, definition in aws_ecs_task_definition.run : name => definition.arn }
}

output "role_arns" {
  description = "ARNs of the two roles that task definitions name: the application's, and that of what starts it."
  value       = [aws_iam_role.task.arn, aws_iam_role.execution.arn]
}
