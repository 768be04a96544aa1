mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "ami-0123456789abcdef0" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::first-us-east-1-111122223333" }
  }
}

variables {
  name           = "first"
  cidr           = "10.0.0.0/16"
  public_subnets = { us-east-1a = "10.0.0.0/20", us-east-1b = "10.0.16.0/20" }
}

run "server_is_hardened_and_in_the_first_zone" {
  command = apply

  assert {
    condition     = aws_instance.this.metadata_options[0].http_tokens == "required" && aws_instance.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The metadata service must answer version 2 only, one hop away."
  }

  assert {
    condition     = aws_instance.this.root_block_device[0].encrypted && aws_instance.this.root_block_device[0].volume_type == "gp3" && aws_instance.this.root_block_device[0].volume_size == 20
    error_message = "The volume must be 20 GB of encrypted gp3."
  }

  assert {
    condition     = aws_instance.this.credit_specification[0].cpu_credits == "unlimited"
    error_message = "A burstable server must state the mode of its credits."
  }

  assert {
    condition     = aws_instance.this.instance_type == "t4g.micro" && aws_instance.this.ami == "ami-0123456789abcdef0" && endswith(data.aws_ssm_parameter.image.name, "-arm64")
    error_message = "The server must be a t4g.micro with the newest arm64 image."
  }

  assert {
    condition     = aws_instance.this.subnet_id == aws_subnet.public["us-east-1a"].id && aws_instance.this.associate_public_ip_address
    error_message = "The server must stand in the first zone's public subnet, with a public address as its way out."
  }
}

run "nobody_comes_in" {
  command = apply

  assert {
    condition     = aws_instance.this.vpc_security_group_ids == toset([aws_security_group.server.id])
    error_message = "The server must have its own security group alone."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    error_message = "The only way is out, by HTTPS."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.server.policy, "ssmmessages:OpenControlChannel") && strcontains(aws_iam_role_policy.server.policy, "arn:aws:s3:::first-us-east-1-111122223333/*")
    error_message = "The role must allow Session Manager and the site's own bucket."
  }
}

run "subnets_reach_the_internet" {
  command = apply

  assert {
    condition     = keys(aws_subnet.public) == ["us-east-1a", "us-east-1b"] && length(aws_route_table_association.public) == 2
    error_message = "Each zone must get a public subnet with the public route table."
  }

  assert {
    condition     = aws_route.internet.destination_cidr_block == "0.0.0.0/0" && aws_route.internet.gateway_id == aws_internet_gateway.this.id
    error_message = "The default route must lead to the internet gateway."
  }
}

run "bucket_is_private_encrypted_and_versioned" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.bucket == "first-us-east-1-111122223333" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket's name must carry region and account, and it must not be lost with its objects unasked."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy &&
      aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    )
    error_message = "All public access must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && strcontains(aws_s3_bucket_policy.this.policy, "aws:SecureTransport")
    error_message = "The bucket must keep versions and refuse plain HTTP."
  }
}

run "an_x86_type_is_refused" {
  command = plan

  variables {
    instance_type = "t3.micro"
  }

  expect_failures = [var.instance_type]
}

run "a_volume_that_cannot_hold_the_system_is_refused" {
  command = plan

  variables {
    volume_gib = 4
  }

  expect_failures = [var.volume_gib]
}

run "no_subnet_is_refused" {
  command = plan

  variables {
    public_subnets = {}
  }

  expect_failures = [var.public_subnets]
}

run "a_range_that_is_none_is_refused" {
  command = plan

  variables {
    cidr = "10.0.0.0/8"
  }

  expect_failures = [var.cidr]
}

run "a_name_with_capitals_is_refused" {
  command = plan

  variables {
    name = "First"
  }

  expect_failures = [var.name]
}
