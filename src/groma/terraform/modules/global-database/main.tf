data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  engine       = "aurora-postgresql"
  port         = 5432
  major        = split(".", var.engine_version)[0]
  monitoring_s = 60

  # Not asked of global_cluster_id, which is unknown until the primary is there.
  is_primary = var.primary != null

  global_cluster_id = local.is_primary ? aws_rds_global_cluster.this[0].id : var.global_cluster_id

  # One after the other over the zones; the first ones are promoted first.
  instances = {
    for n in range(var.instances.count) :
    tostring(n + 1) => { zone = var.instances.zones[n % length(var.instances.zones)], tier = min(n, 15) }
  }

  parameters = merge(
    {
      "log_min_duration_statement" = "1000" # ms
      "log_statement"              = "ddl"
    },
    var.parameters,
    {
      "rds.force_ssl"                                        = "1"
      "apg_write_forward.max_forwarding_connections_percent" = tostring(var.forwarded_percent)
    },
  )
}

resource "aws_rds_global_cluster" "this" {
  count = local.is_primary ? 1 : 0

  global_cluster_identifier = var.name
  engine                    = local.engine
  engine_version            = var.engine_version
  database_name             = replace(var.name, "-", "_")
  storage_encrypted         = true
  deletion_protection       = var.deletion_protection

  tags = { Name = var.name }
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_rds_cluster_parameter_group" "this" {
  name        = "${var.name}-aurora-postgresql${local.major}"
  description = "Parameters of ${var.name}"
  family      = "aurora-postgresql${local.major}"

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

resource "aws_rds_cluster" "this" {
  #checkov:skip=CKV2_AWS_8: Aurora itself backs up without a pause, to any second of backup_retention_days; AWS Backup would pay for the same twice.
  #checkov:skip=CKV2_AWS_27: statements are logged, see parameters; the check does not read a dynamic block.
  cluster_identifier        = "${var.name}-${data.aws_region.current.id}"
  global_cluster_identifier = local.global_cluster_id
  engine                    = local.engine
  engine_version            = var.engine_version

  # Of the primary alone: the others get them with the data.
  database_name              = local.is_primary ? replace(var.name, "-", "_") : null
  master_username            = local.is_primary ? var.primary.username : null
  master_password_wo         = var.password
  master_password_wo_version = local.is_primary ? var.primary.password_version : null

  enable_global_write_forwarding      = local.is_primary ? null : var.write_forwarding
  iam_database_authentication_enabled = true

  storage_encrypted = true
  kms_key_id        = var.kms_key_arn

  port                            = local.port
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name

  backup_retention_period   = var.backup_retention_days
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection || !local.is_primary
  final_snapshot_identifier = var.deletion_protection && local.is_primary ? "${var.name}-final" : null
  apply_immediately         = true

  enabled_cloudwatch_logs_exports = ["postgresql"]

  tags = { Name = "${var.name}-${data.aws_region.current.id}" }

  depends_on = [aws_cloudwatch_log_group.this]

  lifecycle {
    # AWS sets it on the primary as well when the writer's place has been moved to another region.
    ignore_changes = [replication_source_identifier]
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each = local.instances

  identifier         = "${var.name}-${data.aws_region.current.id}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = local.engine
  instance_class     = var.instances.class
  availability_zone  = each.value.zone
  promotion_tier     = each.value.tier

  db_subnet_group_name       = aws_db_subnet_group.this.name
  publicly_accessible        = false
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true # has no effect on the engine here, but keeps the operating system patched
  apply_immediately          = true

  monitoring_interval                   = local.monitoring_s
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  tags = { Name = "${var.name}-${data.aws_region.current.id}-${each.key}" }

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}
