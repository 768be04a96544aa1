output "arn" {
  description = "ARN of the secret with the URLs, a JSON object with url, replica_url, replica_urls, user, password, host, replica_host, port and name."
  value       = module.secret.arn
}

output "version" {
  description = "A number that changes whenever the secret holds something else: who reads it at the start alone starts anew by it."
  value       = module.secret.version
}
