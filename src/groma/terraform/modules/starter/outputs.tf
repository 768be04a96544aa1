output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "internet_gateway_id" {
  description = "Id of the internet gateway."
  value       = aws_internet_gateway.this.id
}

output "public_subnet_ids" {
  description = "Ids of the public subnets by zone."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "instance_id" {
  description = "Id of the server; a shell on it: aws ssm start-session --target <id>."
  value       = aws_instance.this.id
}

output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "role_name" {
  description = "Name of the server's IAM role, to which further permissions can be attached."
  value       = aws_iam_role.server.name
}
