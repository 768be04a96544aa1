output "distribution_id" {
  description = "Id of the distribution (dimension DistributionId)."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "distribution_domain_name" {
  description = "Domain name of the distribution, to which aliases lead."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.site.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.site.arn
}

output "bucket_regional_domain_name" {
  description = "Domain name under which CloudFront reads the bucket."
  value       = aws_s3_bucket.site.bucket_regional_domain_name
}

output "origin_header" {
  description = "Name of the header by which the API's function knows this distribution."
  value       = local.origin_header
}

output "origin_key_sha256" {
  description = "SHA-256 of that header's value, in hexadecimal digits: enough to know it by, and not to send it."
  value       = sha256(terraform_data.origin_key.output)
}
