output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "key" {
  description = "Key of the archive."
  value       = aws_s3_object.this.key
}

output "version" {
  description = "Version of the archive in the bucket; another one with every other content."
  value       = aws_s3_object.this.version_id
}

output "sha256" {
  description = "SHA-256 of the archive, to be checked by who has fetched it."
  value       = aws_s3_object.this.source_hash
}

output "arn" {
  description = "ARN of the archive, to be named in a policy that lets servers read it."
  value       = aws_s3_object.this.arn
}
