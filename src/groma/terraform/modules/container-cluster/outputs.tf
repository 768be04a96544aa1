output "arn" {
  description = "ARN of the cluster, for services that run in it."
  value       = aws_ecs_cluster.this.arn
}

output "name" {
  description = "Name of the cluster (dimension ClusterName)."
  value       = aws_ecs_cluster.this.name
}
