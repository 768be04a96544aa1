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

  files = var.content == null ? [] : fileset(var.content, "**")
}

# Browsers and edges ask again after five minutes, since the files keep their names.
resource "aws_s3_object" "content" {
  for_each = toset(local.files)

  bucket        = aws_s3_bucket.site.id
  key           = each.key
  source        = "${var.content}/${each.key}"
  source_hash   = filemd5("${var.content}/${each.key}")
  content_type  = lookup(local.content_types, lower(reverse(split(".", each.key))[0]), "application/octet-stream")
  cache_control = "public, max-age=300"

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.site, aws_s3_bucket_versioning.site]
}
