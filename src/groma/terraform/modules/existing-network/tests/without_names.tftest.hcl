mock_provider "aws" {
  mock_data "aws_vpc" {
    defaults = {
      id                   = "vpc-0a1b2c3d4e5f60718"
      enable_dns_support   = true
      enable_dns_hostnames = false
    }
  }

  mock_data "aws_subnet" {
    defaults = { id = "subnet-0a000000", vpc_id = "vpc-0a1b2c3d4e5f60718", availability_zone = "us-east-1a" }
  }
}

run "refuses_a_vpc_in_which_nothing_has_a_name" {
  command = plan

  variables {
    vpc             = { tags = { Name = "main" } }
    public_subnets  = { us-east-1a = { id = "subnet-0a000000" }, us-east-1b = { id = "subnet-0b000000" } }
    private_subnets = { us-east-1a = { id = "subnet-1a000000" }, us-east-1b = { id = "subnet-1b000000" } }
  }

  expect_failures = [data.aws_vpc.this]
}
