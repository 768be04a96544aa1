output "distribution_id" {
  description = "Id of the distribution (dimension DistributionId)."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "distribution_domain_name" {
  description = "Domain name under which viewers reach the distribution."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.site.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket; given out when it keeps versions, so that others can replicate to it."
  value       = aws_s3_bucket.site.arn

  depends_on = [aws_s3_bucket_versioning.site]
}

output "bucket_regional_domain_name" {
  description = "Domain name under which CloudFront reads the bucket."
  value       = aws_s3_bucket.site.bucket_regional_domain_name
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
