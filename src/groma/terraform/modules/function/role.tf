locals {
  own_statements = concat(
    [{
      Sid      = "WritesItsLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    }],
    var.tracing ? [{
      Sid      = "Traces"
      Effect   = "Allow"
      Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      Resource = ["*"]
    }] : [],
    [for source in var.event_source[*] : {
      Sid      = "TakesItsMessages"
      Effect   = "Allow"
      Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      Resource = [source.queue_arn]
    }],
    [for failed in var.on_failure[*] : {
      Sid      = "TellsItsFailures"
      Effect   = "Allow"
      Action   = [strcontains(failed.arn, ":sns:") ? "sns:Publish" : "sqs:SendMessage"]
      Resource = [failed.arn]
    }],
    [for arn in var.kms_key_arn[*] : {
      Sid      = "UsesTheKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [arn]
    }],
  )
}

resource "aws_iam_role" "this" {
  # Roles are global: the region keeps two functions of one name apart.
  name = "${var.name}-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = var.name }
}

resource "aws_iam_role_policy" "this" {
  #checkov:skip=CKV_AWS_290: traces cannot be held to a resource; everything else is held to those that are given.
  #checkov:skip=CKV_AWS_355: as above, IAM knows no resource for a trace.
  name = "function"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.own_statements, [for statement in var.statements : {
      Effect   = "Allow"
      Action   = statement.actions
      Resource = statement.resources
    }])
  })
}
