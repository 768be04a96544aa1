mock_provider "aws" {
  mock_data "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-west-2:111122223333:key/9f1c2a34-0000-4000-8000-000000000000" }
  }
}

variables {
  source_arn     = "arn:aws:rds:us-east-1:111122223333:db:shop-database-master"
  retention_days = 14
}

run "copies_under_the_key_that_aws_keeps" {
  command = apply

  assert {
    condition = alltrue([
      aws_db_instance_automated_backups_replication.this.source_db_instance_arn == var.source_arn,
      aws_db_instance_automated_backups_replication.this.retention_period == 14,
      aws_db_instance_automated_backups_replication.this.kms_key_id == data.aws_kms_key.rds[0].arn,
      data.aws_kms_key.rds[0].key_id == "alias/aws/rds",
    ])
    error_message = "The database's backups must be copied for the days that are asked, under AWS's key for RDS."
  }

  assert {
    condition     = output.arn == aws_db_instance_automated_backups_replication.this.id && output.key_arn == data.aws_kms_key.rds[0].arn
    error_message = "arn and key_arn must be those of the copies and their key."
  }
}

run "copies_under_a_key_of_ones_own" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-west-2:111122223333:key/00000000-0000-4000-8000-000000000001"
  }

  assert {
    condition     = aws_db_instance_automated_backups_replication.this.kms_key_id == var.kms_key_arn && length(data.aws_kms_key.rds) == 0
    error_message = "The key that is named must encrypt the copies."
  }
}

run "rejects_what_is_no_database_no_key_and_days_that_rds_does_not_keep" {
  command = plan

  variables {
    source_arn     = "arn:aws:rds:us-east-1:111122223333:cluster:shop"
    retention_days = 36
    kms_key_arn    = "alias/shop"
  }

  expect_failures = [var.source_arn, var.retention_days, var.kms_key_arn]
}
