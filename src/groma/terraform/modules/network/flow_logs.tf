locals {
  arn_prefix = "arn:${data.aws_partition.current.partition}"
  account    = "${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
}

resource "aws_flow_log" "this" {
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow_logs.arn
  iam_role_arn    = aws_iam_role.flow_logs.arn

  tags = { Name = var.name }

  depends_on = [aws_iam_role_policy.flow_logs]
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  #checkov:skip=CKV_AWS_338: who talked to whom is needed for weeks, not for a year; flow_log_retention_days sets it.
  name              = "/aws/vpc/${var.name}/flow-logs"
  retention_in_days = var.flow_log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = "${var.name}-flow-logs" }
}

resource "aws_iam_role" "flow_logs" {
  # Roles are global: the region keeps two networks of one name apart.
  name = "${var.name}-flow-logs-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = "${local.arn_prefix}:ec2:${local.account}:vpc-flow-log/*" }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-flow-logs" }
}

resource "aws_iam_role_policy" "flow_logs" {
  name = "write-flow-logs"
  role = aws_iam_role.flow_logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        Resource = "${aws_cloudwatch_log_group.flow_logs.arn}:*"
      },
      {
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups"
        Resource = "${local.arn_prefix}:logs:${local.account}:log-group:*"
      },
    ]
  })
}
