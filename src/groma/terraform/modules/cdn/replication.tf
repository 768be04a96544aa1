# Pictures are copied to the bucket of a standby in another region; pages it is given its own.
resource "aws_s3_bucket_replication_configuration" "site" {
  count = var.replica == null ? 0 : 1

  bucket = aws_s3_bucket.site.id
  role   = aws_iam_role.replication[0].arn

  rule {
    id       = "to-${var.replica.region}"
    priority = 1
    status   = "Enabled"

    filter {
      prefix = var.replica.prefix
    }

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket = var.replica.bucket_arn

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

  depends_on = [aws_s3_bucket_versioning.site, aws_iam_role_policy.replication]
}

resource "aws_iam_role" "replication" {
  count = var.replica == null ? 0 : 1

  name = "${var.name}-site-replication"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = aws_s3_bucket.site.arn }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-site-replication" }
}

resource "aws_iam_role_policy" "replication" {
  count = var.replica == null ? 0 : 1

  name = "replicate"
  role = aws_iam_role.replication[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadRules"
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
        Resource = aws_s3_bucket.site.arn
      },
      {
        Sid      = "ReadVersions"
        Effect   = "Allow"
        Action   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
        Resource = "${aws_s3_bucket.site.arn}/*"
      },
      {
        Sid      = "WriteReplicas"
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
        Resource = "${var.replica.bucket_arn}/*"
      },
    ]
  })
}
