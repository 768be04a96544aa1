output "bucket_name" {
  description = "Name of the bucket; given out when it keeps versions, so that what is put into it has one and can be destroyed."
  value       = aws_s3_bucket.this.bucket

  depends_on = [aws_s3_bucket_versioning.this]
}

output "bucket_arn" {
  description = "ARN of the bucket; given out when it keeps versions, so that others can replicate to it."
  value       = aws_s3_bucket.this.arn

  depends_on = [aws_s3_bucket_versioning.this]
}

output "bucket_regional_domain_name" {
  description = "Domain name under which CloudFront reads the bucket."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}
