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
