mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:111122223333:shop-thumbnails" }
  }
}

variables {
  name      = "shop-thumbnails"
  timeout_s = 60
}

run "sets_aside_what_fails" {
  command = apply

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 5 && aws_sqs_queue.dead_letter.name == "shop-thumbnails-dead-letter"
    error_message = "A message must be tried five times and then be set aside."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 60 && aws_sqs_queue.this.sqs_managed_sse_enabled
    error_message = "A message must be hidden while it is worked on, and encrypted."
  }

  assert {
    condition     = jsondecode(output.policy).Statement[*].Resource == ["arn:aws:sqs:us-east-1:111122223333:shop-thumbnails"]
    error_message = "Who works must be let at this queue alone."
  }
}

run "is_encrypted_with_a_key_of_ones_own" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1"
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == var.kms_key_arn && aws_sqs_queue.dead_letter.kms_master_key_id == var.kms_key_arn
    error_message = "Both queues must be encrypted with the key."
  }

  assert {
    condition     = contains(jsondecode(output.policy).Statement[*].Resource, var.kms_key_arn)
    error_message = "Who works must be let use the key."
  }
}

run "rejects_what_sqs_does_not_take" {
  command = plan

  variables {
    timeout_s         = 50000
    max_receive_count = 0
  }

  expect_failures = [var.timeout_s, var.max_receive_count]
}
