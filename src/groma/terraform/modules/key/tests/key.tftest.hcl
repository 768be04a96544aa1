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
}

variables {
  name = "chirp"
}

run "rotates_and_has_an_alias" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key must rotate."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/chirp"
    error_message = "The alias must be alias/<name>."
  }
}

run "lets_services_use_it_for_this_account_only" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : values(statement.Principal)
      ])) == toset([
      "arn:aws:iam::111122223333:root",
      "logs.us-east-1.amazonaws.com",
      "cloudwatch.amazonaws.com",
      "s3.amazonaws.com",
      "budgets.amazonaws.com",
      "sns.amazonaws.com",
    ])
    error_message = "The account's root and five services, and nobody else, must be named."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : strcontains(jsonencode(try(statement.Condition, "")), "111122223333")
      if can(statement.Principal.Service)
    ])
    error_message = "Each service must be held to this account by a condition."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : !contains(flatten([statement.Action]), "kms:*")
      if can(statement.Principal.Service)
    ])
    error_message = "No service may administer the key."
  }
}

run "gives_what_others_need" {
  command = apply

  assert {
    condition     = output.arn == aws_kms_key.this.arn && output.id == aws_kms_key.this.key_id
    error_message = "arn and id must be the key's."
  }
}

run "rejects_a_name_that_aws_keeps" {
  command = plan

  variables {
    name = "aws/chirp"
  }

  expect_failures = [var.name]
}
