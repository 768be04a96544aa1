output "master_id" {
  description = "Identifier of the master (dimension DBInstanceIdentifier)."
  value       = aws_db_instance.master.identifier
}

output "master_arn" {
  description = "ARN of the master, for copies of its backups in another region."
  value       = aws_db_instance.master.arn

  # RDS copies no backups of an instance of which it makes a replica at that moment.
  depends_on = [aws_db_instance.replica]
}

output "replica_id" {
  description = "Identifier of the first read replica; null when there is none."
  value       = try(aws_db_instance.replica[0].identifier, null)
}

output "replica_ids" {
  description = "Identifiers of all read replicas, in their order."
  value       = aws_db_instance.replica[*].identifier
}

output "master_endpoint" {
  description = "Host name of the master, for reading and writing."
  value       = aws_db_instance.master.address
}

output "replica_endpoint" {
  description = "Host name of the first read replica; null when there is none."
  value       = try(aws_db_instance.replica[0].address, null)
}

output "replica_endpoints" {
  description = "Host names of all read replicas, in their order; each takes its share of the reads."
  value       = aws_db_instance.replica[*].address
}

output "port" {
  description = "Port of all of them."
  value       = local.port
}

output "database_name" {
  description = "Name of the first database inside."
  value       = local.database_name
}

output "secret_arn" {
  description = "ARN of the Secrets Manager secret with username and password of the master user."
  value       = local.stands_by ? var.standby_of.secret_arn : local.rds_keeps_password ? aws_db_instance.master.master_user_secret[0].secret_arn : var.secret_arn
}

output "connect_policy" {
  description = "IAM policy as JSON that lets a role sign in as application_user here, and nowhere else."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "rds-db:connect"
      Resource = [for id in concat([aws_db_instance.master.resource_id], aws_db_instance.replica[*].resource_id) :
        "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${id}/${var.application_user}"
      ]
    }]
  })
}

output "security_group_id" {
  description = "Id of the database's security group."
  value       = aws_security_group.this.id
}
