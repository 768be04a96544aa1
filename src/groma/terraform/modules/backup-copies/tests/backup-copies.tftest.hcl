mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-west-2:111122223333:key/9f1c2a34-0000-4000-8000-000000000000" }
  }
}

variables {
  name           = "shop-database-copies"
  source_arn     = "arn:aws:rds:us-east-1:111122223333:db:shop-database-master"
  retention_days = 14
}

run "copies_with_a_key_of_its_region" {
  command = apply

  assert {
    condition = alltrue([
      aws_db_instance_automated_backups_replication.this.source_db_instance_arn == var.source_arn,
      aws_db_instance_automated_backups_replication.this.retention_period == 14,
      aws_db_instance_automated_backups_replication.this.kms_key_id == aws_kms_key.this.arn,
    ])
    error_message = "The database's backups must be copied for the days that are asked, under the module's key."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_alias.this.name == "alias/shop-database-copies"
    error_message = "The key must rotate, and be found by its alias."
  }

  assert {
    condition     = output.arn == aws_db_instance_automated_backups_replication.this.id && output.key_arn == aws_kms_key.this.arn
    error_message = "arn and key_arn must be those of the copies and their key."
  }
}

run "rejects_what_is_no_database_and_days_that_rds_does_not_keep" {
  command = plan

  variables {
    name           = "aws/copies"
    source_arn     = "arn:aws:rds:us-east-1:111122223333:cluster:shop"
    retention_days = 36
  }

  expect_failures = [var.name, var.source_arn, var.retention_days]
}
