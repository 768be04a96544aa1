data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18: servers read one file when they first start; an access log would need a second bucket.
  #checkov:skip=CKV_AWS_144: what is kept here is built from source control, and put here again by the next apply.
  #checkov:skip=CKV_AWS_145: the file holds code and no secret; SSE-S3 encrypts it without a right to a key for every server.
  #checkov:skip=CKV2_AWS_61: nothing expires: a server that is rolled back fetches the version that it was built with.
  #checkov:skip=CKV2_AWS_62: nothing has to happen when a release is put here; the launch template names it.
  bucket        = "${var.name}-artifact-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}"
  force_destroy = var.force_destroy

  tags = { Name = "${var.name}-artifact" }
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
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }

    bucket_key_enabled = var.kms_key_arn == null ? null : true
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

# Each release is a version of the same object, so that servers of an older launch template still find theirs.
resource "aws_s3_object" "this" {
  bucket       = aws_s3_bucket.this.id
  key          = basename(var.file)
  source       = var.file
  source_hash  = filesha256(var.file)
  content_type = "application/zip"

  tags = { Name = "${var.name}-artifact" }

  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
