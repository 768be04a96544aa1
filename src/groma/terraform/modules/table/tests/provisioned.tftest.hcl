# A file of its own, and so a state of its own: capacity is set once and then left to scaling.

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

run "scales_provisioned_capacity" {
  command = apply

  variables {
    capacity = { read = { min = 10, max = 100 }, write = { min = 5, max = 50 } }
    indexes  = { by-author = { hash = "author", range = "sk", keys_only = true, read_capacity = 5, write_capacity = 50 } }
  }

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PROVISIONED" && aws_dynamodb_table.this.read_capacity == 10 && aws_dynamodb_table.this.write_capacity == 5
    error_message = "It must begin with the least capacity."
  }

  assert {
    condition = { for name, target in aws_appautoscaling_target.this : name => [target.scalable_dimension, target.min_capacity, target.max_capacity] } == {
      read  = ["dynamodb:table:ReadCapacityUnits", 10, 100]
      write = ["dynamodb:table:WriteCapacityUnits", 5, 50]
    }
    error_message = "Reads and writes must be scaled between their limits."
  }

  assert {
    condition     = alltrue([for policy in aws_appautoscaling_policy.this : policy.target_tracking_scaling_policy_configuration[0].target_value == 70])
    error_message = "Capacity must be held at 70 % use."
  }

  assert {
    condition     = [for index in aws_dynamodb_table.this.global_secondary_index : [index.projection_type, index.write_capacity]] == [["KEYS_ONLY", 50]]
    error_message = "The index must have the capacity given to it."
  }
}

run "rejects_an_index_without_capacity_of_a_provisioned_table" {
  command = plan

  variables {
    capacity = { read = { min = 1, max = 1 }, write = { min = 1, max = 1 } }
  }

  expect_failures = [var.indexes]
}

run "rejects_capacity_that_shrinks" {
  command = plan

  variables {
    capacity = { read = { min = 10, max = 1 }, write = { min = 1, max = 1 } }
    indexes  = { by-author = { hash = "author", range = "sk", read_capacity = 1, write_capacity = 1 } }
  }

  expect_failures = [var.capacity]
}
