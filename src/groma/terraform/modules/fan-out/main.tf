data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
}

resource "aws_sns_topic" "this" {
  name              = var.name
  kms_master_key_id = var.kms_key_arn

  tags = { Name = var.name }
}

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # Who of the account may publish, its own policies say.
          Sid       = "AccountPublishes"
          Effect    = "Allow"
          Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${local.account_id}:root" }
          Action    = "sns:Publish"
          Resource  = aws_sns_topic.this.arn
        },
        {
          Sid       = "OnlyOverTls"
          Effect    = "Deny"
          Principal = "*"
          Action    = "sns:Publish"
          Resource  = aws_sns_topic.this.arn
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ],
      length(var.bucket_arns) == 0 ? [] : [{
        Sid       = "BucketsPublish"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.this.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnEquals    = { "aws:SourceArn" = var.bucket_arns }
        }
      }],
    )
  })
}

resource "aws_sns_topic_subscription" "this" {
  for_each = var.queues

  topic_arn            = aws_sns_topic.this.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.this[each.key].arn
  raw_message_delivery = true
  filter_policy        = length(each.value.filter) == 0 ? null : jsonencode(each.value.filter)

  depends_on = [aws_sqs_queue_policy.this]
}

# A subscription stands where its topic is; the policy of a queue elsewhere lets the topic in, and is made first.
resource "aws_sns_topic_subscription" "elsewhere" {
  for_each = var.queues_elsewhere

  topic_arn            = aws_sns_topic.this.arn
  protocol             = "sqs"
  endpoint             = each.value
  raw_message_delivery = true
}
