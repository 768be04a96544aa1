output "user_pool_id" {
  description = "Id of the user pool (dimension UserPool)."
  value       = aws_cognito_user_pool.this.id
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = aws_cognito_user_pool.this.arn
}

output "client_id" {
  description = "Id of the client, which tokens name as their audience (dimension UserPoolClient)."
  value       = aws_cognito_user_pool_client.this.id
}

output "issuer" {
  description = "URL of the tokens' issuer."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}

output "domain" {
  description = "Prefix of the domain of the hosted login pages; null without any."
  value       = one(aws_cognito_user_pool_domain.this[*].domain)
}
