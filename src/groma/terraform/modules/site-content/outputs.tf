output "keys" {
  description = "Keys of all files in the bucket, by which a policy lets them be read."
  value       = sort(keys(aws_s3_object.this))
}
