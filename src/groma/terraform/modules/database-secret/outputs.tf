output "secret_arn" {
  description = "ARN of the secret, a JSON object with username and password."
  value       = aws_secretsmanager_secret.this.arn
}

output "replica_arns" {
  description = "ARNs of the secret in its other regions, by region."
  value       = { for region in keys(var.replicas) : region => replace(aws_secretsmanager_secret.this.arn, "/:secretsmanager:[a-z0-9-]+:/", ":secretsmanager:${region}:") }
}

output "username" {
  description = "Name of the database's master user."
  value       = var.username
}

output "password" {
  description = "Password as the secret holds it; ephemeral, so that only write-only arguments and other ephemeral values can take it."
  value       = jsondecode(ephemeral.aws_secretsmanager_secret_version.this.secret_string).password
  ephemeral   = true
  sensitive   = true
}

output "version" {
  description = "Version of the password: what takes the password takes it anew when this changes."
  value       = aws_secretsmanager_secret_version.this.secret_string_wo_version
}
