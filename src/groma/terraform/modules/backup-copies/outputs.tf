output "arn" {
  description = "ARN of the copies (to restore from)."
  value       = aws_db_instance_automated_backups_replication.this.id
}

output "key_arn" {
  description = "ARN of the key, which a restored database needs."
  value       = local.key_arn
}
