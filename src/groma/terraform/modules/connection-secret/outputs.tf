output "arn" {
  description = "ARN of the secret, a JSON object with url, replica_url, user and password, and with replica_urls where readers are given."
  value       = aws_secretsmanager_secret.this.arn

  # Whoever reads it at its start is to find a value.
  depends_on = [aws_secretsmanager_secret_version.this]
}

output "version" {
  description = "A number that changes whenever the secret holds something else: who reads it at the start alone starts anew by it."
  value       = aws_secretsmanager_secret_version.this.secret_string_wo_version
}
