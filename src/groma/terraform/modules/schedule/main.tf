data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297: a schedule holds a time and an input, and no data of users; AWS encrypts it with its own key.
  name                         = var.name
  description                  = var.description
  schedule_expression          = var.expression
  schedule_expression_timezone = "UTC"

  # Not on the minute: AWS spreads the calls over the window.
  flexible_time_window {
    mode                      = var.window_minutes > 0 ? "FLEXIBLE" : "OFF"
    maximum_window_in_minutes = var.window_minutes > 0 ? var.window_minutes : null
  }

  target {
    arn      = var.function_arn
    role_arn = aws_iam_role.this.arn
    input    = jsonencode(var.input)

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 3
    }

    dynamic "dead_letter_config" {
      for_each = var.dead_letter_arn[*]

      content {
        arn = dead_letter_config.value
      }
    }
  }
}

resource "aws_iam_role" "this" {
  # Roles are global: the region keeps two schedules of one name apart.
  name = "${var.name}-schedule-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-schedule" }
}

resource "aws_iam_role_policy" "this" {
  name = "call-function"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = var.function_arn }],
      [for arn in var.dead_letter_arn[*] : { Effect = "Allow", Action = "sqs:SendMessage", Resource = arn }],
    )
  })
}
