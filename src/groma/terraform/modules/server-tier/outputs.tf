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

output "autoscaling_group_name" {
  description = "Name of the auto-scaling group."
  value       = aws_autoscaling_group.this.name
}

output "server_security_group_id" {
  description = "Id of the servers' security group; name it where the servers may call."
  value       = aws_security_group.servers.id
}

output "load_balancer_security_group_id" {
  description = "Id of the load balancer's security group."
  value       = aws_security_group.load_balancer.id
}

output "role_name" {
  description = "Name of the servers' IAM role."
  value       = aws_iam_role.this.name
}
