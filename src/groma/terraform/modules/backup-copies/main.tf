# All of this is in the region of the module's provider, which is another one than the database's.

# A key that AWS keeps, so that copies can be read as long as they are kept, whatever becomes of this module.
data "aws_kms_key" "rds" {
  count = var.kms_key_arn == null ? 1 : 0

  key_id = "alias/aws/rds"
}

resource "aws_db_instance_automated_backups_replication" "this" {
  source_db_instance_arn = var.source_arn
  retention_period       = var.retention_days
  kms_key_id             = local.key_arn
}

locals {
  key_arn = var.kms_key_arn == null ? data.aws_kms_key.rds[0].arn : var.kms_key_arn
}
