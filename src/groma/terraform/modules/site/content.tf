module "content" {
  source = "../site-content"
  count  = var.content == null ? 0 : 1

  bucket    = aws_s3_bucket.site.bucket
  directory = var.content

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.site, aws_s3_bucket_versioning.site]
}

moved {
  from = aws_s3_object.content
  to   = module.content[0].aws_s3_object.this
}
