locals {
  content_types = {
    css         = "text/css; charset=utf-8"
    html        = "text/html; charset=utf-8"
    ico         = "image/x-icon"
    jpg         = "image/jpeg"
    js          = "text/javascript; charset=utf-8"
    json        = "application/json"
    png         = "image/png"
    svg         = "image/svg+xml"
    txt         = "text/plain; charset=utf-8"
    webmanifest = "application/manifest+json"
    webp        = "image/webp"
    woff2       = "font/woff2"
  }
}

# Browsers and edges ask again after five minutes, since the files keep their names.
resource "aws_s3_object" "this" {
  #checkov:skip=CKV_AWS_186: the files are public by purpose; the bucket's SSE-S3 encrypts them without a KMS call for every one that CloudFront fetches.
  for_each = fileset(var.directory, "**")

  bucket        = var.bucket
  key           = each.key
  source        = "${var.directory}/${each.key}"
  source_hash   = filemd5("${var.directory}/${each.key}")
  content_type  = lookup(local.content_types, lower(reverse(split(".", each.key))[0]), "application/octet-stream")
  cache_control = "public, max-age=300"
}
