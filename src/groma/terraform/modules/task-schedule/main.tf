data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id

  # arn:aws:ecs:us-east-1:123456789012:task-definition/shop-run-nightly:3 → that of its family
  families = { for name, each in var.schedules : name => regex("^(.*):[0-9]+$", each.task_definition_arn)[0] }
}

# A group for each, since CloudWatch knows the metrics of groups alone.
resource "aws_scheduler_schedule_group" "this" {
  for_each = var.schedules

  name = "${var.name}-${each.key}"

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297: a schedule holds a time and which task is started, and no data of users; AWS encrypts it with its own key.
  for_each = var.schedules

  name                         = "${var.name}-${each.key}"
  group_name                   = aws_scheduler_schedule_group.this[each.key].name
  description                  = each.value.description
  schedule_expression          = each.value.expression
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.this.arn

    ecs_parameters {
      task_definition_arn     = each.value.task_definition_arn
      launch_type             = "FARGATE"
      task_count              = 1
      enable_ecs_managed_tags = true
      propagate_tags          = "TASK_DEFINITION"

      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = var.security_group_ids
        assign_public_ip = false
      }
    }

    # What is an hour late is left to the next time.
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 10
    }

    dead_letter_config {
      arn = aws_sqs_queue.failed.arn
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

# What could not be started, or ended with an error, kept for people as long as SQS can.
resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed-runs"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true # EventBridge writes to it, and no data of users

  tags = { Name = "${var.name}-failed-runs" }
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.failed.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "RunsThatFailed"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.failed.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.failed.arn } }
      },
    ]
  })
}

# A task that was started and did not end well: one of its containers with another code than 0, or none was started.
resource "aws_cloudwatch_event_rule" "failed" {
  name        = "${var.name}-failed-runs"
  description = "Runs at times of ${var.name} that failed"

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [var.cluster_arn]
      group      = [for family in values(local.families) : "family:${split("/", family)[1]}"]
      lastStatus = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ anything-but = [0] }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })

  tags = { Name = "${var.name}-failed-runs" }
}

resource "aws_cloudwatch_event_target" "failed" {
  rule      = aws_cloudwatch_event_rule.failed.name
  target_id = "failed-runs"
  arn       = aws_sqs_queue.failed.arn

  depends_on = [aws_sqs_queue_policy.failed]
}

resource "aws_iam_role" "this" {
  # Roles are global: the region keeps two stacks of one name apart.
  name = "${var.name}-schedule-${local.region}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = local.account
          "aws:SourceArn"     = values(aws_scheduler_schedule_group.this)[*].arn
        }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-schedule" }
}

resource "aws_iam_role_policy" "this" {
  name = "run-tasks"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RunsTasks"
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = [for family in values(local.families) : "${family}:*"]
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Sid       = "PassesRolesOfTasks"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = var.role_arns
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Sid       = "TagsWhatItRuns"
        Effect    = "Allow"
        Action    = "ecs:TagResource"
        Resource  = "arn:${local.partition}:ecs:${local.region}:${local.account}:task/${split("/", var.cluster_arn)[1]}/*"
        Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
      },
      {
        Sid      = "SetsAsideWhatItCannotRun"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.failed.arn
      },
    ]
  })
}
