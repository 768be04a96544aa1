mock_provider "aws" {
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:us-east-1:111122223333:table/chirp" }
  }
}

variables {
  name          = "chirp"
  attributes    = { pk = "S", sk = "S", author = "S" }
  keys          = { hash = "pk", range = "sk" }
  indexes       = { by-author = { hash = "author", range = "sk", attributes = ["text"] } }
  ttl_attribute = "expires"
  stream        = "NEW_IMAGE"
}

run "is_paid_by_request_and_can_be_restored" {
  command = apply

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" && length(aws_appautoscaling_target.this) == 0
    error_message = "Without capacity the table must be on demand."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "It must be restorable, and refuse to be deleted."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].enabled && aws_dynamodb_table.this.ttl[0].attribute_name == "expires" && aws_dynamodb_table.this.stream_view_type == "NEW_IMAGE"
    error_message = "Items must expire, and changes be streamed."
  }

  assert {
    condition = [
      for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.range_key, index.projection_type, join(",", index.non_key_attributes)]
    ] == [["by-author", "author", "sk", "INCLUDE", "text"]]
    error_message = "The index must hold what is asked for."
  }

  assert {
    condition     = output.index_arns == { by-author = "arn:aws:dynamodb:us-east-1:111122223333:table/chirp/index/by-author" }
    error_message = "The indexes' ARNs must be told by name."
  }

  assert {
    condition     = length(aws_dynamodb_table.this.replica) == 0
    error_message = "Without other regions there must be no replica."
  }
}

run "stands_in_other_regions_too" {
  command = apply

  variables {
    replica_regions = ["us-west-2", "eu-west-1"]
    stream          = null
  }

  assert {
    condition     = toset([for replica in aws_dynamodb_table.this.replica : replica.region_name]) == toset(["us-west-2", "eu-west-1"]) && alltrue([for replica in aws_dynamodb_table.this.replica : replica.point_in_time_recovery])
    error_message = "Each region must have a replica that can be restored."
  }

  assert {
    condition     = aws_dynamodb_table.this.stream_enabled && aws_dynamodb_table.this.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "Replicas must be fed from a stream with both images."
  }
}

run "takes_a_key" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1"
  }

  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].enabled && aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn == var.kms_key_arn
    error_message = "It must be encrypted with the key."
  }
}

run "rejects_an_attribute_that_no_key_uses" {
  command = plan

  variables {
    attributes = { pk = "S", sk = "S", author = "S", text = "S" }
  }

  expect_failures = [var.attributes]
}

run "rejects_a_type_that_is_none" {
  command = plan

  variables {
    attributes = { pk = "S", sk = "DATE", author = "S" }
  }

  expect_failures = [var.attributes]
}

run "rejects_what_dynamodb_lacks" {
  command = plan

  variables {
    name            = "c"
    attributes      = { pk = "S", author = "S" }
    keys            = { hash = "pk", range = "pk" }
    indexes         = { by-author = { hash = "author", attributes = ["text"], keys_only = true } }
    ttl_attribute   = ""
    stream          = "ALL"
    replica_regions = ["frankfurt"]
  }

  expect_failures = [var.name, var.keys, var.indexes, var.ttl_attribute, var.stream, var.replica_regions]
}

run "rejects_a_key_for_many_regions" {
  command = plan

  variables {
    kms_key_arn     = "arn:aws:kms:us-east-1:111122223333:key/1"
    replica_regions = ["eu-west-1"]
  }

  expect_failures = [var.kms_key_arn]
}

run "rejects_an_alias_for_a_key" {
  command = plan

  variables {
    kms_key_arn = "alias/chirp"
  }

  expect_failures = [var.kms_key_arn]
}
