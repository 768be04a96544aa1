output "bucket_name" {
  description = "Name of the bucket (dimension BucketName)."
  value       = aws_s3_bucket.this.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "bucket_regional_domain_name" {
  description = "Domain name of the bucket: CloudFront reads it, and browsers upload to it."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}
