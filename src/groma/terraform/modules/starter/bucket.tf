resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18: the server alone reads and writes the bucket; an access log would need a second bucket.
  #checkov:skip=CKV_AWS_144: each region keeps its own files; the starter has nothing that must outlive a region.
  #checkov:skip=CKV_AWS_145: SSE-S3 encrypts every object without a KMS call for each, and the policy lets in nobody from outside.
  #checkov:skip=CKV2_AWS_61: nothing expires: what a lesson stores is a few MiB. The provider also waits most of a minute for a lifecycle rule.
  #checkov:skip=CKV2_AWS_62: nothing has to happen when an object is stored.
  bucket        = "${local.site}-${data.aws_caller_identity.current.account_id}"
  force_destroy = var.force_destroy

  tags = { Name = var.name }
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
