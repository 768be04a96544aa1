output "cluster_id" {
  description = "Identifier of the cluster (dimension DBClusterIdentifier)."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "instance_ids" {
  description = "Identifiers of the instances by number (dimension DBInstanceIdentifier)."
  value       = { for number, instance in aws_rds_cluster_instance.this : number => instance.identifier }
}

output "writer_endpoint" {
  description = "Host name of the instance that writes, whichever that is; known once all instances serve."
  value       = aws_rds_cluster.this.endpoint

  depends_on = [aws_rds_cluster_instance.this]
}

output "reader_endpoint" {
  description = "Host name for reading: each new connection goes to another reader, and to the writer where there is none."
  value       = aws_rds_cluster.this.reader_endpoint

  depends_on = [aws_rds_cluster_instance.this]
}

output "port" {
  description = "Port of all instances."
  value       = local.port
}

output "database_name" {
  description = "Name of the first database inside."
  value       = aws_rds_cluster.this.database_name
}

output "secret_arn" {
  description = "ARN of the Secrets Manager secret with username and password of the master user, as it was given."
  value       = var.secret_arn
}

output "connect_policy" {
  description = "IAM policy as JSON that lets a role sign in as application_user here, and nowhere else."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "rds-db:connect"
      Resource = [for id in [aws_rds_cluster.this.cluster_resource_id] :
        "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${id}/${var.application_user}"
      ]
    }]
  })
}

output "security_group_id" {
  description = "Id of the cluster's security group."
  value       = aws_security_group.this.id
}
