data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  port         = 5432
  major        = split(".", var.engine_version)[0]
  instances    = toset(var.replica == null ? ["master"] : ["master", "replica"])
  log_exports  = ["postgresql", "upgrade"]
  monitoring_s = 60

  # From 400 GiB on RDS stripes over four volumes, with this baseline. It is asked for by name: a volume that is enlarged
  # across that size would else keep the 3,000 operations/s that it was read with, and RDS refuses them.
  striped    = var.storage.gib >= 400
  iops       = local.striped ? coalesce(var.storage.iops, 12000) : null
  throughput = local.striped ? 500 : null # MiB/s

  # Not asked of secret_arn, which is unknown until the secret is there; RDS has to know in the plan.
  rds_keeps_password = var.password_version == null

  parameters = merge(
    {
      "log_min_duration_statement" = "1000" # ms
      "log_statement"              = "ddl"
    },
    var.parameters,
    { "rds.force_ssl" = "1" },
  )
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_db_parameter_group" "this" {
  name        = "${var.name}-postgres${local.major}"
  description = "Parameters of ${var.name}"
  family      = "postgres${local.major}"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "pending-reboot" # the one method that static and dynamic parameters both take
    }
  }

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true
  }
}

# What has grown by itself to more than allocated_storage is left alone: the provider never asks RDS to shrink it.
resource "aws_db_instance" "master" {
  #checkov:skip=CKV_AWS_157: master and replica stand in two zones and the replica can be promoted; a standby in addition (multi_az) doubles the master's price.
  identifier        = "${var.name}-master"
  engine            = "postgres"
  engine_version    = var.engine_version
  instance_class    = var.master.instance_class
  availability_zone = var.multi_az ? null : var.master.zone # RDS takes no zone of a master with a standby
  multi_az          = var.multi_az

  db_name                             = replace(var.name, "-", "_")
  username                            = var.username
  manage_master_user_password         = local.rds_keeps_password ? true : null
  master_user_secret_kms_key_id       = local.rds_keeps_password ? var.kms_key_arn : null
  password_wo                         = var.password
  password_wo_version                 = var.password_version
  iam_database_authentication_enabled = true

  allocated_storage     = var.storage.gib
  max_allocated_storage = var.storage.max_gib
  storage_type          = "gp3"
  iops                  = local.iops
  storage_throughput    = local.throughput
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  port                   = local.port
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period    = var.backup_retention_days
  copy_tags_to_snapshot      = true
  delete_automated_backups   = true
  deletion_protection        = var.deletion_protection
  skip_final_snapshot        = !var.deletion_protection
  final_snapshot_identifier  = var.deletion_protection ? "${var.name}-final" : null
  auto_minor_version_upgrade = true
  apply_immediately          = true

  enabled_cloudwatch_logs_exports       = local.log_exports
  monitoring_interval                   = local.monitoring_s
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  tags = { Name = "${var.name}-master" }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}

# Encryption key, database, user and password are the master's.
resource "aws_db_instance" "replica" {
  #checkov:skip=CKV_AWS_133: what the replica holds is backed up at the master.
  #checkov:skip=CKV_AWS_157: the replica is itself the copy in another zone.
  count = var.replica == null ? 0 : 1

  identifier          = "${var.name}-replica"
  replicate_source_db = aws_db_instance.master.identifier
  instance_class      = var.replica.instance_class
  availability_zone   = var.replica.zone
  multi_az            = false

  iam_database_authentication_enabled = true

  # It begins with the master's, whatever is said here (of which the provider warns), and is enlarged apart from it.
  allocated_storage     = var.storage.gib
  max_allocated_storage = var.storage.max_gib
  storage_type          = "gp3"
  iops                  = local.iops
  storage_throughput    = local.throughput
  storage_encrypted     = true

  port                   = local.port
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  copy_tags_to_snapshot      = true
  deletion_protection        = var.deletion_protection
  skip_final_snapshot        = true # RDS makes none of a replica
  auto_minor_version_upgrade = true
  apply_immediately          = true

  enabled_cloudwatch_logs_exports       = local.log_exports
  monitoring_interval                   = local.monitoring_s
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  tags = { Name = "${var.name}-replica" }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}
