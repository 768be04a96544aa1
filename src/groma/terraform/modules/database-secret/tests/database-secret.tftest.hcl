# Terraform mocks no ephemeral resource, and runs no module by itself that has an ephemeral output. So these tests need
# an AWS API that the environment leads to, an emulated one best, and call the module through the stack beside them,
# from where expect_failures does not reach the module's variables.
provider "aws" {}

variables {
  name        = "chirp-database"
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "makes_a_password_that_a_database_takes" {
  command = apply

  variables {
    deletion_protection = false
  }

  module {
    source = "./tests/stack"
  }

  assert {
    condition     = startswith(output.secret_arn, "arn:aws:secretsmanager:us-east-1:") && output.username == "administrator" && output.version == 1
    error_message = "Secret, user name and version must be given out."
  }

  assert {
    condition     = aws_ssm_parameter.taken.has_value_wo && aws_ssm_parameter.taken.value_wo == null
    error_message = "The password must be taken, but not kept in the state."
  }
}

run "passes_a_new_password_on" {
  command = apply

  variables {
    deletion_protection = false
    password_version    = 2
  }

  module {
    source = "./tests/stack"
  }

  assert {
    condition     = output.version == 2 && aws_ssm_parameter.taken.version == 2
    error_message = "Who took the old password must take the new one."
  }

  assert {
    condition     = output.secret_arn == run.makes_a_password_that_a_database_takes.secret_arn
    error_message = "A new password must not need a new secret."
  }
}
