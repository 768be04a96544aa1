# Terraform mocks no ephemeral resource: these tests need an AWS API that the environment leads to, an emulated one best.
provider "aws" {}

variables {
  name           = "pharmacy"
  kms_key_arn    = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
  secret_arn     = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/shop/db-AbCdEf" # the stack makes its own
  secret_version = "one"
}

run "copies_what_the_secret_says_as_urls" {
  command = apply

  module {
    source = "./tests/stack"
  }

  assert {
    condition     = nonsensitive(output.written.url) == "postgresql://shop:p%2Fw%401@db.internal:6432/wares?sslmode=require"
    error_message = "The URL must be that of the secret."
  }

  assert {
    condition     = nonsensitive(output.written) == { url = output.written.url, replica_url = output.written.url, replica_urls = output.written.url, host = "db.internal", replica_host = "db.internal", port = "6432", name = "wares", user = "shop", password = "p/w@1" }
    error_message = "All that tasks can be told must stand there."
  }
}

run "follows_the_secret" {
  command = apply

  variables {
    password = "another"
  }

  module {
    source = "./tests/stack"
  }

  assert {
    condition     = nonsensitive(output.written.password) == "another" && output.version != run.copies_what_the_secret_says_as_urls.version
    error_message = "Another password must be told, and be another version."
  }
}
