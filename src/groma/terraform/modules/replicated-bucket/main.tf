data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  # With a site everything but uploads: files by name would fill the policy, and '*' in a name would mean any.
  readable_prefix  = var.content == null ? var.published_prefix : ""
  unchecked_prefix = try(var.uploads.prefix, "")
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18: CloudFront's and S3's metrics show the traffic; an access log would need a further bucket in each region.
  #checkov:skip=CKV_AWS_144: replicas says to where the bucket is replicated; one that only receives has none.
  #checkov:skip=CKV_AWS_145: SSE-S3 encrypts without a KMS call for every object that is fetched, and without a key to share between regions.
  #checkov:skip=CKV2_AWS_62: uploads tells a topic of new objects where somebody has to act on them.
  bucket        = "${var.name}-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}"
  force_destroy = var.force_destroy

  tags = { Name = "${var.name}-${data.aws_region.current.id}" }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Replication needs versions, and they bring back what was overwritten or deleted by mistake.
resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.old_version_days
    }

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # Where two rules differ, S3 takes the shorter time.
  dynamic "rule" {
    for_each = [for uploads in [var.uploads] : uploads if try(uploads.prefix, "") != ""]

    content {
      id     = "end-uploads"
      status = "Enabled"

      filter {
        prefix = rule.value.prefix
      }

      # An upload is deleted once it has been checked. What a camera wrote into it, such as the place, goes with it.
      noncurrent_version_expiration {
        noncurrent_days = 1
      }

      expiration {
        days = rule.value.keep_days
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count = length(var.upload_origins) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this.id

  cors_rule {
    allowed_methods = ["POST"]
    allowed_origins = var.upload_origins
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_notification" "this" {
  count = var.uploads == null ? 0 : 1

  bucket = aws_s3_bucket.this.id

  topic {
    topic_arn     = var.uploads.topic_arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = var.uploads.prefix
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "OnlyOverTls"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:*"
          Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ],
      [
        for arn in var.distribution_arns :
        {
          Sid       = "DistributionReads"
          Effect    = "Allow"
          Principal = { Service = "cloudfront.amazonaws.com" }
          Action    = "s3:GetObject"
          Resource  = "${aws_s3_bucket.this.arn}/${local.readable_prefix}*"
          Condition = { StringEquals = { "AWS:SourceArn" = arn } }
        }
      ],
      [
        for prefix in compact([local.unchecked_prefix]) :
        {
          Sid       = "UncheckedIsNotRead"
          Effect    = "Deny"
          Principal = { Service = "cloudfront.amazonaws.com" }
          Action    = "s3:GetObject"
          Resource  = "${aws_s3_bucket.this.arn}/${prefix}*"
        }
      ],
    )
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}
