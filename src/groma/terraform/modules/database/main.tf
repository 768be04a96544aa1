data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  is_mysql     = var.engine == "mysql"
  engine_name  = local.is_mysql ? "MySQL" : "PostgreSQL"
  port         = local.is_mysql ? 3306 : 5432
  version      = coalesce(var.engine_version, local.is_mysql ? "8.4" : "16")
  numbers      = split(".", local.version)
  family       = local.is_mysql ? "mysql${local.numbers[0]}.${local.numbers[1]}" : "postgres${local.numbers[0]}"
  replicas     = concat(var.replica[*], var.more_replicas)
  names        = [for number in range(1, length(local.replicas) + 1) : number == 1 ? "replica" : "replica-${number}"]
  instances    = toset(concat(["master"], local.names))
  log_exports  = local.is_mysql ? ["error", "slowquery"] : ["postgresql", "upgrade"]
  monitoring_s = 60

  # RDS takes Performance Insights of MySQL on no class that is smaller than medium.
  insights = {
    for name, class in merge({ master = var.master.instance_class }, zipmap(local.names, local.replicas[*].instance_class)) :
    name => !local.is_mysql || !can(regex("\\.(micro|small)$", class))
  }

  # From 400 GiB on RDS stripes over four volumes, with this baseline. It is asked for by name: a volume that is enlarged
  # across that size would else keep the 3,000 operations/s that it was read with, and RDS refuses them.
  striped    = var.storage.type == "gp3" && var.storage.gib >= 400
  iops       = local.striped ? coalesce(var.storage.iops, 12000) : var.storage.iops
  throughput = local.striped ? 500 : null # MiB/s

  # A replica in another region has engine, database, user and password of what it copies.
  stands_by     = var.standby_of != null
  database_name = local.stands_by ? var.standby_of.database_name : aws_db_instance.master.db_name

  # Not asked of secret_arn, which is unknown until the secret is there; RDS has to know in the plan.
  rds_keeps_password = var.password_version == null && !local.stands_by

  usual_parameters = {
    postgres = {
      "log_min_duration_statement" = "1000" # ms
      "log_statement"              = "ddl"
    }
    mysql = {
      "slow_query_log"  = "1"
      "long_query_time" = "1" # s
      "log_output"      = "FILE"
    }
  }

  parameters = merge(
    local.usual_parameters[var.engine],
    var.parameters,
    local.is_mysql ? { "require_secure_transport" = "1" } : { "rds.force_ssl" = "1" },
  )
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_db_parameter_group" "this" {
  name        = "${var.name}-${replace(local.family, ".", "")}"
  description = "Parameters of ${var.name}"
  family      = local.family

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
# Without standby_of what was a replica is promoted; once promoted by hand, no plan makes a replica of it again.
resource "aws_db_instance" "master" {
  #checkov:skip=CKV_AWS_157: master and replica stand in two zones and the replica can be promoted; a standby in addition (multi_az) doubles the master's price.
  identifier          = "${var.name}-master"
  replicate_source_db = try(var.standby_of.instance_arn, null)
  engine              = local.stands_by ? null : var.engine
  engine_version      = local.stands_by ? null : local.version
  instance_class      = var.master.instance_class
  availability_zone   = var.multi_az ? null : var.master.zone # RDS takes no zone of a master with a standby
  multi_az            = var.multi_az

  db_name                             = local.stands_by ? null : replace(var.name, "-", "_")
  username                            = local.stands_by ? null : var.username
  manage_master_user_password         = local.rds_keeps_password ? true : null
  master_user_secret_kms_key_id       = local.rds_keeps_password ? var.kms_key_arn : null
  password_wo                         = var.password
  password_wo_version                 = var.password_version
  iam_database_authentication_enabled = true

  allocated_storage     = var.storage.gib
  max_allocated_storage = var.storage.max_gib
  storage_type          = var.storage.type
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
  skip_final_snapshot        = !var.deletion_protection || local.stands_by # RDS makes none of a replica
  final_snapshot_identifier  = var.deletion_protection && !local.stands_by ? "${var.name}-final" : null
  auto_minor_version_upgrade = true
  apply_immediately          = true

  enabled_cloudwatch_logs_exports       = local.log_exports
  monitoring_interval                   = local.monitoring_s
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = local.insights.master
  performance_insights_kms_key_id       = local.insights.master ? var.kms_key_arn : null
  performance_insights_retention_period = local.insights.master ? 7 : null

  tags = { Name = "${var.name}-master" }

  # A copy in another region begins with a snapshot that is sent there, which takes hours with much data.
  dynamic "timeouts" {
    for_each = var.standby_of[*]

    content {
      create = "12h"
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}

# Encryption key, database, user and password are the master's.
resource "aws_db_instance" "replica" {
  #checkov:skip=CKV_AWS_133: what the replica holds is backed up at the master.
  #checkov:skip=CKV_AWS_157: the replica is itself the copy in another zone.
  count = length(local.replicas)

  identifier          = "${var.name}-${local.names[count.index]}"
  replicate_source_db = aws_db_instance.master.identifier
  instance_class      = local.replicas[count.index].instance_class
  availability_zone   = local.replicas[count.index].zone
  multi_az            = false

  iam_database_authentication_enabled = true

  # It begins with the master's, whatever is said here (of which the provider warns), and is enlarged apart from it.
  allocated_storage     = var.storage.gib
  max_allocated_storage = var.storage.max_gib
  storage_type          = var.storage.type
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
  performance_insights_enabled          = local.insights[local.names[count.index]]
  performance_insights_kms_key_id       = local.insights[local.names[count.index]] ? var.kms_key_arn : null
  performance_insights_retention_period = local.insights[local.names[count.index]] ? 7 : null

  tags = { Name = "${var.name}-${local.names[count.index]}" }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}
