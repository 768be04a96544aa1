data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18: CloudFront alone reads the bucket, and its metrics show the traffic; an access log would need a second bucket and record personal data.
  #checkov:skip=CKV_AWS_144: replication costs a second copy of every picture; versions guard against deletion.
  #checkov:skip=CKV_AWS_145: the pictures are published; SSE-S3 encrypts them without a KMS call for every object that CloudFront fetches.
  #checkov:skip=CKV2_AWS_61: rules end uploads and old versions; kept pictures stay.
  #checkov:skip=CKV2_AWS_62: topic_arn gets what is uploaded, where something has to happen.
  bucket        = "${var.name}-media-${data.aws_caller_identity.current.account_id}"
  force_destroy = var.force_destroy

  tags = { Name = "${var.name}-media" }
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

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "end-broken-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }

    noncurrent_version_expiration {
      noncurrent_days = var.old_version_days
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

# A browser uploads straight to the bucket, by a form that the application has signed.
resource "aws_s3_bucket_cors_configuration" "this" {
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
    Statement = [
      {
        Sid       = "DistributionReads"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.this.arn}/${var.published_prefix}*"
        Condition = { StringEquals = { "AWS:SourceArn" = var.distribution_arn } }
      },
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}
