output "distribution_id" {
  description = "Id of the distribution (dimension DistributionId)."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "distribution_domain_name" {
  description = "CloudFront's own name of the distribution, for the alias records of domain."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "origin_header" {
  description = "Name of the header by which the load balancer knows this distribution."
  value       = local.origin_header
}

output "origin_key" {
  description = "Value of that header."
  value       = terraform_data.origin_key.output
  sensitive   = true
}
