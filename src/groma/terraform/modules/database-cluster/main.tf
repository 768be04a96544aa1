data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  engine       = "aurora-postgresql"
  port         = 5432
  major        = split(".", var.engine_version)[0]
  monitoring_s = 60

  # A minor version that is stated stays: Aurora would upgrade it, and Terraform ask for the older one again.
  is_pinned = length(split(".", var.engine_version)) > 1

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
    { "rds.force_ssl" = "1" },
  )
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
  cluster_identifier = var.name
  engine             = local.engine
  engine_version     = var.engine_version

  database_name                       = replace(var.name, "-", "_")
  master_username                     = var.username
  master_password_wo                  = var.password
  master_password_wo_version          = var.password_version
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
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${var.name}-final" : null
  apply_immediately         = true

  enabled_cloudwatch_logs_exports = ["postgresql"]

  tags = { Name = var.name }

  depends_on = [aws_cloudwatch_log_group.this]
}

# Which of them writes is Aurora's to say: the first that is made, until it fails over.
resource "aws_rds_cluster_instance" "this" {
  #checkov:skip=CKV_AWS_226: minor versions are upgraded unless one is stated, see is_pinned; the check does not read the expression.
  for_each = local.instances

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = local.engine
  instance_class     = var.instances.class
  availability_zone  = each.value.zone
  promotion_tier     = each.value.tier

  db_subnet_group_name       = aws_db_subnet_group.this.name
  publicly_accessible        = false
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = !local.is_pinned
  apply_immediately          = true

  monitoring_interval                   = local.monitoring_s
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}
