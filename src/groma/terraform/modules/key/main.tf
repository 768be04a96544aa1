data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account    = "${local.region}:${local.account_id}"

  # Services that publish to an encrypted SNS topic, or read from one, and the resources of this account
  # on whose behalf they may use the key.
  message_services = {
    Alarms  = { service = "cloudwatch.amazonaws.com", source = "arn:${local.partition}:cloudwatch:${local.account}:alarm:*" }
    Buckets = { service = "s3.amazonaws.com", source = "arn:${local.partition}:s3:::*" }
    Budgets = { service = "budgets.amazonaws.com", source = "arn:${local.partition}:budgets::${local.account_id}:*" }
    Topics  = { service = "sns.amazonaws.com", source = "arn:${local.partition}:sns:${local.account}:*" }
  }
}

resource "aws_kms_key" "this" {
  description             = "${var.name}: data at rest, logs and messages"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # Hands the decision to the account's IAM policies; without it nobody could administer the key.
          Sid       = "AccountAdministers"
          Effect    = "Allow"
          Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
          Action    = "kms:*"
          Resource  = "*"
        },
        {
          Sid       = "LogGroupsEncrypt"
          Effect    = "Allow"
          Principal = { Service = "logs.${local.region}.amazonaws.com" }
          Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
          Resource  = "*"
          Condition = {
            ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.account}:log-group:*" }
          }
        },
      ],
      [for sid, sender in local.message_services : {
        Sid       = "${sid}Encrypt"
        Effect    = "Allow"
        Principal = { Service = sender.service }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = sender.source }
        }
      }],
    )
  })

  tags = { Name = var.name }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}
