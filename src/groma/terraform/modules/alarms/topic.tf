# Two topics rather than one with a filter: what an alarm publishes has no attribute to filter by, and whoever carries a
# pager subscribes to the one and not to the other.
resource "aws_sns_topic" "this" {
  name              = "${var.name}-alarms"
  kms_master_key_id = local.kms_key_arn

  tags = { Name = "${var.name}-alarms" }
}

resource "aws_sns_topic" "tickets" {
  name              = "${var.name}-tickets"
  kms_master_key_id = local.kms_key_arn

  tags = { Name = "${var.name}-tickets" }
}

resource "aws_sns_topic_policy" "this" {
  arn    = aws_sns_topic.this.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = local.publishers["this"] })
}

resource "aws_sns_topic_policy" "tickets" {
  arn    = aws_sns_topic.tickets.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = local.publishers["tickets"] })
}

module "key" {
  source = "../key"
  count  = var.own_key ? 1 : 0

  name = var.name
}

locals {
  kms_key_arn = var.own_key ? module.key[0].arn : var.kms_key_arn

  publishers = {
    for name, arn in { this = aws_sns_topic.this.arn, tickets = aws_sns_topic.tickets.arn } : name => [
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:${local.region}:${local.account_id}:alarm:${var.name}-*" }
        }
      },
      {
        Sid       = "BudgetsPublish"
        Effect    = "Allow"
        Principal = { Service = "budgets.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:budgets::${local.account_id}:*" }
        }
      },
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  }
}

resource "aws_sns_topic_subscription" "email" {
  count = var.email == null ? 0 : 1

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = var.email
}

resource "aws_sns_topic_subscription" "tickets" {
  count = var.email == null ? 0 : 1

  topic_arn = aws_sns_topic.tickets.arn
  protocol  = "email"
  endpoint  = var.email
}
