output "vpc_id" {
  description = "Id of the VPC."
  value       = data.aws_vpc.this.id
}

output "vpc_cidr" {
  description = "IPv4 range of the VPC."
  value       = data.aws_vpc.this.cidr_block
}

output "internet_gateway_id" {
  description = "Id of the VPC's internet gateway."
  value       = data.aws_internet_gateway.this.id
}

output "public_subnet_ids" {
  description = "Ids of the public subnets by zone."
  value       = { for zone, subnet in data.aws_subnet.public : zone => subnet.id }
}

output "private_subnet_ids" {
  description = "Ids of the private subnets by zone."
  value       = { for zone, subnet in data.aws_subnet.private : zone => subnet.id }
}
