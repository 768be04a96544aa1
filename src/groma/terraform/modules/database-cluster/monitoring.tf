# RDS would make it itself, unencrypted, to be kept for ever and to be left behind.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338: slow statements and schema changes are looked for within weeks; a year of them is only paid for.
  name              = "/aws/rds/cluster/${var.name}/postgresql"
  retention_in_days = 30
  kms_key_id        = var.kms_key_arn

  tags = { Name = var.name }
}

resource "aws_iam_role" "monitoring" {
  # Roles are global: the region keeps two databases of one name apart.
  name = "${var.name}-monitoring-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:rds:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:db:${var.name}-*" }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-monitoring" }
}

# AWS's own policy for this role: it writes to the log group RDSOSMetrics and nowhere else.
resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
