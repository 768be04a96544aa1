mock_provider "aws" {
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf" }
  }
}

variables {
  name             = "chirp/connection"
  kms_key_arn      = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
  database         = { writer = "master.internal", reader = "replica.internal", port = 5432, name = "chirp" }
  username         = "administrator"
  password         = "Zp9xQw3rT5yU7iO1aS2d"
  password_version = 1

  # Of use for what exists alone; an ephemeral variable of a root that is applied has to be given.
  login = { host = "db.internal", username = "shop", password = "p/w@1", dbname = "shop" }
}

run "keeps_the_urls_out_of_the_state" {
  command = apply

  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_string_wo == null && aws_secretsmanager_secret_version.this.secret_string_wo_version > 0
    error_message = "What holds the password must be written, and not kept."
  }

  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 30 && output.arn == aws_secretsmanager_secret.this.arn
    error_message = "The secret must be protected, and its ARN given out."
  }
}

run "writes_anew_for_another_password" {
  command = apply

  variables {
    password_version = 2
  }

  assert {
    condition     = output.version != run.keeps_the_urls_out_of_the_state.version
    error_message = "Another password must be another version."
  }
}

run "writes_anew_for_another_database" {
  command = apply

  variables {
    database = { writer = "other.internal", port = 5432, name = "chirp" }
  }

  assert {
    condition     = output.version != run.keeps_the_urls_out_of_the_state.version
    error_message = "Another host must be another version."
  }
}

run "writes_anew_for_other_readers" {
  command = apply

  variables {
    database = { writer = "master.internal", port = 5432, name = "chirp" }
    readers  = ["replica.internal", "replica-2.internal"]
  }

  assert {
    condition     = output.version != run.keeps_the_urls_out_of_the_state.version
    error_message = "Another list of hosts must be another version."
  }
}

run "rejects_a_reader_beside_readers" {
  command = plan

  variables {
    readers = ["replica.internal", "replica-2.internal"]
  }

  expect_failures = [var.readers]
}

run "rejects_a_name_that_looks_like_an_arns_end" {
  command = plan

  variables {
    name = "chirp-secret"
  }

  expect_failures = [var.name]
}

run "rejects_a_name_that_is_no_database" {
  command = plan

  variables {
    database = { writer = "master.internal", port = 5432, name = "chirp-db" }
  }

  expect_failures = [var.database]
}

run "writes_anew_for_another_version_of_a_database_that_exists" {
  command = apply

  variables {
    existing_version = "one"
    database         = null
    username         = null
    password_version = null
  }

  assert {
    condition     = output.version != run.keeps_the_urls_out_of_the_state.version
    error_message = "Another database must be another version."
  }
}

run "rejects_what_names_no_database" {
  command = plan

  variables {
    database = null
  }

  expect_failures = [var.existing_version]
}
