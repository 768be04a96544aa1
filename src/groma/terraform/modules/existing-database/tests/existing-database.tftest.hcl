mock_provider "aws" {
  mock_data "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/shop/db-AbCdEf" }
  }

  mock_data "aws_secretsmanager_secret_versions" {
    defaults = {
      versions = [
        { version_id = "one", version_stages = ["AWSPREVIOUS"] },
        { version_id = "two", version_stages = ["AWSCURRENT"] },
      ]
    }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  name                      = "shop-database"
  secret                    = "prod/shop/db"
  port                      = 5432
  client_security_group_ids = { app = "sg-0123456789abcdef0" }
}

run "opens_the_way_out_alone" {
  command = apply

  assert {
    condition     = join(" ", sort([for rule in values(aws_vpc_security_group_egress_rule.client_to_ranges) : rule.cidr_ipv4])) == "10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16"
    error_message = "The way out must lead to private addresses alone."
  }

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_egress_rule.client_to_ranges) : rule.from_port == 5432 && rule.to_port == 5432 && rule.security_group_id == "sg-0123456789abcdef0"])
    error_message = "It must be the client's, for the database's port."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.group_from_client) == 0 && length(aws_vpc_security_group_egress_rule.client_to_group) == 0
    error_message = "Nothing may be made in a group that is not named."
  }

  assert {
    condition     = output.secret_version == "two"
    error_message = "The version must be the current one."
  }

  assert {
    condition     = [for each in jsondecode(output.read_policy).Statement : each.Resource][0] == output.secret_arn && length(jsondecode(output.read_policy).Statement) == 2
    error_message = "The policy must let this secret be read alone."
  }

  assert {
    condition     = jsondecode(output.read_policy).Statement[1].Condition.StringEquals["kms:EncryptionContext:SecretARN"] == output.secret_arn
    error_message = "Nothing but this secret may be decrypted."
  }
}

run "opens_both_ends_of_a_group_that_is_named" {
  command = apply

  variables {
    security_group_id = "sg-0fedcba9876543210"
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.client_to_ranges) == 0 && aws_vpc_security_group_egress_rule.client_to_group["app"].referenced_security_group_id == "sg-0fedcba9876543210"
    error_message = "The way out must lead to the group alone."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.group_from_client["app"].security_group_id == "sg-0fedcba9876543210" && aws_vpc_security_group_ingress_rule.group_from_client["app"].referenced_security_group_id == "sg-0123456789abcdef0"
    error_message = "The group must let the client in."
  }
}

run "takes_another_range_and_port" {
  command = plan

  variables {
    address_ranges = ["10.20.0.0/16"]
    port           = 6432
  }

  assert {
    condition     = [for rule in values(aws_vpc_security_group_egress_rule.client_to_ranges) : "${rule.cidr_ipv4} ${rule.from_port}"] == ["10.20.0.0/16 6432"]
    error_message = "Range and port must be as given."
  }
}

run "rejects_an_arn" {
  command = plan

  variables {
    secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/shop/db-AbCdEf"
  }

  expect_failures = [var.secret]
}

run "rejects_a_port_that_is_none" {
  command = plan

  variables {
    port = 0
  }

  expect_failures = [var.port]
}

run "rejects_no_client" {
  command = plan

  variables {
    client_security_group_ids = {}
  }

  expect_failures = [var.client_security_group_ids]
}

run "rejects_a_group_that_is_none" {
  command = plan

  variables {
    security_group_id = "database"
  }

  expect_failures = [var.security_group_id]
}

run "rejects_a_range_that_is_none" {
  command = plan

  variables {
    address_ranges = ["10.0.0.0"]
  }

  expect_failures = [var.address_ranges]
}

run "rejects_a_name_that_is_none" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}
