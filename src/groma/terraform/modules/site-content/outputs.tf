output "keys" {
  description = "Keys of all files that are put into the bucket."
  value       = sort(keys(aws_s3_object.this))
}
