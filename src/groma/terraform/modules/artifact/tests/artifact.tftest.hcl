mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::chirp-artifact-111122223333-us-east-1" }
  }

  mock_resource "aws_s3_object" {
    defaults = { version_id = "3HL4kqtJvjVBH40Nrjfkd" }
  }
}

variables {
  name = "chirp"
  file = "tests/application.zip"
}

run "keeps_the_archive_and_says_where_and_what_it_is" {
  command = apply

  assert {
    condition     = output.bucket == "chirp-artifact-111122223333-us-east-1" && output.key == "application.zip" && output.version == "3HL4kqtJvjVBH40Nrjfkd"
    error_message = "The archive must be found by bucket, key and version."
  }

  assert {
    condition     = output.sha256 == filesha256("tests/application.zip") && aws_s3_object.this.source == "tests/application.zip"
    error_message = "What is fetched must be checked by the hash of the file."
  }
}

run "keeps_the_bucket_private" {
  command = apply

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access must be blocked in each way."
  }

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : [statement.Effect, statement.Condition.Bool["aws:SecureTransport"]]] == [["Deny", "false"]]
    error_message = "The bucket must let nobody in by itself, and refuse whatever does not come over TLS."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && !aws_s3_bucket.this.force_destroy
    error_message = "Older releases must be kept."
  }
}

run "rejects_a_file_that_is_not_there" {
  command = plan

  variables {
    file = "tests/nothing.zip"
  }

  expect_failures = [var.file]
}

run "rejects_a_name_that_no_bucket_takes" {
  command = plan

  variables {
    name = "Chirp_Artifact"
  }

  expect_failures = [var.name]
}
