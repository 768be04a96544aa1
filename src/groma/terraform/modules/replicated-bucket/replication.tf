locals {
  replicates = length(var.replicas) > 0
  regions    = keys(var.replicas)
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count = local.replicates ? 1 : 0

  bucket = aws_s3_bucket.this.id
  role   = aws_iam_role.replication[0].arn

  dynamic "rule" {
    for_each = var.replicas

    content {
      id       = "to-${rule.key}"
      priority = index(local.regions, rule.key) + 1
      status   = "Enabled"

      filter {
        prefix = var.published_prefix
      }

      delete_marker_replication {
        status = "Enabled"
      }

      destination {
        bucket = rule.value

        # Within 15 minutes by S3's agreement, and an event for every object that takes longer.
        replication_time {
          status = "Enabled"

          time {
            minutes = 15
          }
        }

        metrics {
          status = "Enabled"

          event_threshold {
            minutes = 15
          }
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this, aws_iam_role_policy.replication]
}

resource "aws_iam_role" "replication" {
  count = local.replicates ? 1 : 0

  # Roles are global: the region keeps the buckets of one name apart.
  name = "${var.name}-replication-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = aws_s3_bucket.this.arn }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-replication" }
}

resource "aws_iam_role_policy" "replication" {
  count = local.replicates ? 1 : 0

  name = "replicate"
  role = aws_iam_role.replication[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadRules"
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
        Resource = aws_s3_bucket.this.arn
      },
      {
        Sid      = "ReadVersions"
        Effect   = "Allow"
        Action   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Sid      = "WriteReplicas"
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
        Resource = [for arn in values(var.replicas) : "${arn}/*"]
      },
    ]
  })
}
