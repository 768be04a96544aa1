data "aws_caller_identity" "current" {}

locals {
  methods = { read = ["GET", "HEAD", "OPTIONS"], all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] }

  # AWS's own policies; their ids are the same in every account.
  managed = {
    caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    all_viewer        = "216adef6-5c7f-47e4-b989-5492eafa07d3"
  }

  # Pictures are posted to the bucket itself.
  content_security_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self' https://${aws_s3_bucket.site.bucket_regional_domain_name}",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ])
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "${var.name}-site"
  description                       = "Reads the bucket of ${var.name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_response_headers_policy" "this" {
  #checkov:skip=CKV_AWS_259: HTTPS alone is asked for, for a year, of this name; every other name of the domain, and the browsers' preloaded lists, are not this site's to decide for.
  name    = var.name
  comment = "Security headers of ${var.name}"

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68: a web ACL is paid by the month and by the request; the application sits behind scaled groups, and one can be attached without touching anything else.
  #checkov:skip=CKV2_AWS_47: as above; the Log4j rule guards Java, which does not run here.
  #checkov:skip=CKV_AWS_86: CloudFront's metrics serve operation; an access log needs a bucket with ACLs and records personal data.
  #checkov:skip=CKV_AWS_174: with CloudFront's own certificate AWS fixes the security policy; a lowest version can be asked for only with a domain and certificate of one's own.
  #checkov:skip=CKV2_AWS_42: as above, there is no domain to hold a certificate for.
  #checkov:skip=CKV_AWS_310: the load balancer already spans the zones; a second origin would be a second region.
  #checkov:skip=CKV_AWS_374: the application has users everywhere.
  comment             = var.name
  enabled             = true
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = var.price_class

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  origin {
    origin_id   = "application"
    domain_name = var.origin_domain_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id           = "site"
    allowed_methods            = local.methods.read
    cached_methods             = local.methods.read
    cache_policy_id            = local.managed.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.application_paths

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "application"
      allowed_methods            = local.methods.all
      cached_methods             = local.methods.read
      cache_policy_id            = local.managed.caching_disabled
      origin_request_policy_id   = local.managed.all_viewer
      response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
      viewer_protocol_policy     = "redirect-to-https"
      compress                   = true
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  tags = { Name = var.name }
}
