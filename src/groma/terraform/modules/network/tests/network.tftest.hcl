mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vpc/chirp/flow-logs" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-flow-logs-us-east-1" }
  }
}

variables {
  name = "chirp"
  cidr = "10.0.0.0/16"
  subnets = {
    public  = { us-east-1a = "10.0.0.0/20", us-east-1b = "10.0.16.0/20" }
    private = { us-east-1a = "10.0.32.0/20", us-east-1b = "10.0.48.0/20" }
  }
  nat_zones   = ["us-east-1a"]
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "lays_out_the_subnets" {
  command = apply

  assert {
    condition     = aws_vpc.this.cidr_block == "10.0.0.0/16" && aws_vpc.this.enable_dns_hostnames
    error_message = "The VPC must have the range asked for, and DNS host names."
  }

  assert {
    condition = {
      for zone, subnet in aws_subnet.public : subnet.availability_zone => subnet.cidr_block
      } == {
      us-east-1a = "10.0.0.0/20", us-east-1b = "10.0.16.0/20"
    }
    error_message = "The public subnets must lie in their zones with their ranges."
  }

  assert {
    condition = {
      for zone, subnet in aws_subnet.private : subnet.availability_zone => subnet.cidr_block
      } == {
      us-east-1a = "10.0.32.0/20", us-east-1b = "10.0.48.0/20"
    }
    error_message = "The private subnets must lie in their zones with their ranges."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) + length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = alltrue([for subnet in merge(aws_subnet.public, aws_subnet.private) : subnet.map_public_ip_on_launch != true])
    error_message = "No subnet may give out public addresses by itself."
  }
}

run "routes_public_to_the_internet_and_private_to_nat" {
  command = apply

  assert {
    condition     = aws_route.public_internet.gateway_id == aws_internet_gateway.this.id && aws_route.public_internet.route_table_id == aws_route_table.public.id
    error_message = "Public subnets must go out through the internet gateway."
  }

  assert {
    condition     = alltrue([for route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this["us-east-1a"].id])
    error_message = "With one NAT gateway, every private subnet must go out through it."
  }

  assert {
    condition     = aws_nat_gateway.this["us-east-1a"].subnet_id == aws_subnet.public["us-east-1a"].id
    error_message = "A NAT gateway must stand in its zone's public subnet."
  }

  assert {
    condition = alltrue([
      for zone, association in aws_route_table_association.private :
      association.subnet_id == aws_subnet.private[zone].id && association.route_table_id == aws_route_table.private[zone].id
    ])
    error_message = "Each private subnet must use its own route table."
  }

  assert {
    condition     = length(aws_vpc_endpoint.s3.route_table_ids) == 3 && aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-east-1.s3"
    error_message = "All three route tables must lead to S3 through the gateway endpoint."
  }

  assert {
    condition     = length(aws_vpc_endpoint.dynamodb) == 0
    error_message = "A VPC whose servers ask no table needs no endpoint for DynamoDB."
  }
}

run "reaches_tables_without_nat" {
  command = apply

  variables {
    dynamodb_endpoint = true
  }

  assert {
    condition     = aws_vpc_endpoint.dynamodb[0].service_name == "com.amazonaws.us-east-1.dynamodb" && aws_vpc_endpoint.dynamodb[0].vpc_endpoint_type == "Gateway"
    error_message = "DynamoDB must be reached through a gateway endpoint."
  }

  assert {
    condition     = length(aws_vpc_endpoint.dynamodb[0].route_table_ids) == 3
    error_message = "All three route tables must lead to DynamoDB through the gateway endpoint."
  }
}

run "uses_each_zones_own_nat_gateway" {
  command = apply

  variables {
    nat_zones = ["us-east-1a", "us-east-1b"]
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "A private subnet must go out through the NAT gateway of its own zone."
  }

  assert {
    condition     = keys(output.nat_gateway_ids) == ["us-east-1a", "us-east-1b"] && keys(output.nat_public_ips) == ["us-east-1a", "us-east-1b"]
    error_message = "The NAT gateways must be given out by zone."
  }
}

run "logs_all_traffic_encrypted" {
  command = apply

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow_logs.arn
    error_message = "All traffic must be logged to the log group."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.flow_logs.retention_in_days == 30
    error_message = "The flow logs must be encrypted, and kept for 30 days."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.flow_logs.policy).Statement : startswith(statement.Resource, "arn:aws:logs:us-east-1:111122223333:log-group:")
    ])
    error_message = "The role may touch only log groups of this account and region."
  }
}

run "gives_ids_by_zone" {
  command = apply

  assert {
    condition     = output.private_subnet_ids == { for zone, subnet in aws_subnet.private : zone => subnet.id } && keys(output.public_subnet_ids) == ["us-east-1a", "us-east-1b"]
    error_message = "Subnet ids must be given out by zone."
  }

  assert {
    condition     = keys(output.private_route_table_ids) == ["us-east-1a", "us-east-1b"] && output.public_route_table_id == aws_route_table.public.id
    error_message = "Route table ids must be given out, the private ones by zone."
  }
}

run "rejects_a_vpc_range_that_is_too_wide" {
  command = plan

  variables {
    cidr = "10.0.0.0/8"
  }

  expect_failures = [var.cidr]
}

run "rejects_zones_that_differ" {
  command = plan

  variables {
    subnets = {
      public  = { us-east-1a = "10.0.0.0/20" }
      private = { us-east-1b = "10.0.32.0/20" }
    }
  }

  expect_failures = [var.subnets]
}

run "rejects_a_subnet_outside_the_vpc" {
  command = plan

  variables {
    subnets = {
      public  = { us-east-1a = "10.1.0.0/20" }
      private = { us-east-1a = "10.0.32.0/20" }
    }
  }

  expect_failures = [var.subnets]
}

run "rejects_a_range_used_twice" {
  command = plan

  variables {
    subnets = {
      public  = { us-east-1a = "10.0.0.0/20" }
      private = { us-east-1a = "10.0.0.0/20" }
    }
  }

  expect_failures = [var.subnets]
}

run "rejects_a_nat_gateway_outside_the_zones" {
  command = plan

  variables {
    nat_zones = ["us-east-1c"]
  }

  expect_failures = [var.nat_zones]
}

run "reaches_aws_alone_without_a_nat_gateway" {
  command = apply

  variables {
    nat_zones           = []
    interface_endpoints = ["monitoring", "ecr.api"]
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.private_nat) == 0 && length(aws_route_table.private) == 2
    error_message = "Private subnets must have tables without a way out."
  }

  assert {
    condition     = { for service, id in output.interface_endpoint_ids : service => aws_vpc_endpoint.interface[service].service_name } == { monitoring = "com.amazonaws.us-east-1.monitoring", "ecr.api" = "com.amazonaws.us-east-1.ecr.api" }
    error_message = "Each service must have an endpoint."
  }

  assert {
    condition     = alltrue([for each in aws_vpc_endpoint.interface : each.private_dns_enabled && each.vpc_endpoint_type == "Interface" && length(each.subnet_ids) == 2])
    error_message = "Each endpoint must answer to the service's own name, in every private subnet."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.0.0.0/16" && aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    error_message = "All of the VPC must reach the endpoints, over HTTPS alone."
  }
}

run "rejects_a_service_that_is_none" {
  command = plan

  variables {
    interface_endpoints = ["Monitoring!"]
  }

  expect_failures = [var.interface_endpoints]
}

run "rejects_a_retention_that_cloudwatch_lacks" {
  command = plan

  variables {
    flow_log_retention_days = 31
  }

  expect_failures = [var.flow_log_retention_days]
}

run "rejects_a_key_that_is_no_arn" {
  command = plan

  variables {
    kms_key_arn = "alias/chirp"
  }

  expect_failures = [var.kms_key_arn]
}
