output "global_cluster_id" {
  description = "Id of the global database; a secondary that is given it waits until the primary serves."
  value       = local.global_cluster_id

  depends_on = [aws_rds_cluster_instance.this]
}

output "cluster_id" {
  description = "Identifier of this region's cluster (dimension DBClusterIdentifier)."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "instance_ids" {
  description = "Identifiers of this region's instances by number (dimension DBInstanceIdentifier)."
  value       = { for number, instance in aws_rds_cluster_instance.this : number => instance.identifier }
}

output "writer_endpoint" {
  description = "Host name of this region's writer; it answers only while this region is the primary."
  value       = aws_rds_cluster.this.endpoint
}

output "reader_endpoint" {
  description = "Host name for reading: the instances of this region in turn. In a secondary that forwards writes it takes them too."
  value       = aws_rds_cluster.this.reader_endpoint
}

output "global_endpoint" {
  description = "Host name of the writer, in whichever region it is, for who has a way there; null from a secondary's module."
  value       = one(aws_rds_global_cluster.this[*].endpoint)
}

output "port" {
  description = "Port of all instances."
  value       = local.port
}

output "database_name" {
  description = "Name of the first database inside."
  value       = replace(var.name, "-", "_")
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
  description = "Id of the security group of this region's cluster."
  value       = aws_security_group.this.id
}
