mock_provider "aws" {
  mock_data "aws_vpc" {
    defaults = {
      id                   = "vpc-0a1b2c3d4e5f60718"
      cidr_block           = "10.0.0.0/16"
      enable_dns_support   = true
      enable_dns_hostnames = true
    }
  }

  mock_data "aws_internet_gateway" {
    defaults = { id = "igw-0a1b2c3d4e5f60718" }
  }
}

override_data {
  target = data.aws_subnet.public["us-east-1a"]
  values = { id = "subnet-0a000000", vpc_id = "vpc-0a1b2c3d4e5f60718", availability_zone = "us-east-1a" }
}

override_data {
  target = data.aws_subnet.public["us-east-1b"]
  values = { id = "subnet-0b000000", vpc_id = "vpc-0a1b2c3d4e5f60718", availability_zone = "us-east-1b" }
}

override_data {
  target = data.aws_subnet.private["us-east-1a"]
  values = { id = "subnet-1a000000", vpc_id = "vpc-0a1b2c3d4e5f60718", availability_zone = "us-east-1a" }
}

override_data {
  target = data.aws_subnet.private["us-east-1b"]
  values = { id = "subnet-1b000000", vpc_id = "vpc-0a1b2c3d4e5f60718", availability_zone = "us-east-1b" }
}

variables {
  vpc             = { id = "vpc-0a1b2c3d4e5f60718" }
  public_subnets  = { us-east-1a = { id = "subnet-0a000000" }, us-east-1b = { tags = { tier = "public" } } }
  private_subnets = { us-east-1a = { tags = { tier = "private" } }, us-east-1b = { tags = { tier = "private" } } }
}

run "finds_the_subnet_of_each_zone" {
  command = apply

  assert {
    condition     = output.public_subnet_ids == { us-east-1a = "subnet-0a000000", us-east-1b = "subnet-0b000000" }
    error_message = "The public subnets must be given out by zone."
  }

  assert {
    condition     = output.private_subnet_ids == { us-east-1a = "subnet-1a000000", us-east-1b = "subnet-1b000000" }
    error_message = "The private subnets must be given out by zone."
  }

  assert {
    condition     = output.vpc_id == "vpc-0a1b2c3d4e5f60718" && output.internet_gateway_id == "igw-0a1b2c3d4e5f60718"
    error_message = "VPC and internet gateway must be those that were found."
  }

  assert {
    condition     = data.aws_subnet.private["us-east-1b"].tags.tier == "private"
    error_message = "A subnet without an id must be looked for by its tags."
  }
}

run "refuses_subnets_of_other_zones" {
  command = plan

  # Nothing is said of what is found for the third zone, so that it lies elsewhere.
  variables {
    public_subnets  = { us-east-1a = { id = "subnet-0a000000" }, us-east-1c = { id = "subnet-0c000000" } }
    private_subnets = { us-east-1a = { id = "subnet-1a000000" }, us-east-1c = { id = "subnet-1c000000" } }
  }

  expect_failures = [data.aws_subnet.public["us-east-1c"], data.aws_subnet.private["us-east-1c"]]
}

run "refuses_zones_that_differ" {
  command = plan

  variables {
    private_subnets = { us-east-1a = { tags = { tier = "private" } }, us-east-1c = { tags = { tier = "private" } } }
  }

  expect_failures = [var.private_subnets]
}

run "refuses_one_zone" {
  command = plan

  variables {
    public_subnets  = { us-east-1a = { id = "subnet-0a000000" } }
    private_subnets = { us-east-1a = { id = "subnet-1a000000" } }
  }

  expect_failures = [var.public_subnets]
}

run "refuses_an_id_beside_tags" {
  command = plan

  variables {
    vpc = { id = "vpc-0a1b2c3d4e5f60718", tags = { Name = "main" } }
  }

  expect_failures = [var.vpc]
}
