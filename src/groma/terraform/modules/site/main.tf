data "aws_caller_identity" "current" {}

locals {
  origin_header = "X-Origin-Key"

  methods = { read = ["GET", "HEAD", "OPTIONS"], all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] }

  # AWS's own policies; their ids are the same in every account.
  managed = {
    caching_optimized      = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    caching_disabled       = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    all_viewer_except_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac" # API Gateway answers to its own host name alone
  }

  # What CloudFront would keep for ten seconds and answer everybody with, whatever the application says of it. Others,
  # such as 403, it keeps only where the answer asks for that.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
  errors = [404, 500, 502, 503, 504]

  behaviors = concat(
    [for path in var.api.paths : { path = path, origin = "api", methods = local.methods.all, caching = "caching_disabled", request = local.managed.all_viewer_except_host }],
    [for media in var.media[*] : { path = media.path, origin = "media", methods = local.methods.read, caching = "caching_optimized", request = null }],
  )
}

resource "aws_cloudfront_origin_access_control" "this" {
  for_each = toset(concat(["site"], [for media in var.media[*] : "media"]))

  name                              = "${var.name}-${each.key}"
  description                       = "Reads the ${each.key} bucket of ${var.name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

module "headers" {
  source = "../security-headers"

  name            = var.name
  connect_sources = var.connect_sources
}

moved {
  from = aws_cloudfront_response_headers_policy.this
  to   = module.headers.aws_cloudfront_response_headers_policy.this
}

# Sent to the API with every request, whose function knows its SHA-256 and refuses whoever comes round the distribution
# and its firewall. Drawn once; drawn anew by `terraform apply -replace` of this resource.
resource "terraform_data" "origin_key" {
  input = uuid()

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68: web_acl_arn names the web ACL; the check does not read variables.
  #checkov:skip=CKV2_AWS_47: as above; the module waf has the rules for known bad inputs.
  #checkov:skip=CKV_AWS_86: access_log_bucket turns the log on; it records personal data, and CloudFront's metrics serve operation without it.
  #checkov:skip=CKV_AWS_174: with a certificate of one's own TLS 1.2 is asked for; with CloudFront's own AWS fixes the security policy.
  #checkov:skip=CKV2_AWS_42: names and certificate_arn give a certificate of one's own; the check does not read variables.
  #checkov:skip=CKV_AWS_310: S3 and API Gateway already span the zones; a second origin would be a second region.
  #checkov:skip=CKV_AWS_374: the application has users everywhere.
  comment             = var.name
  enabled             = true
  aliases             = var.names
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = var.price_class
  web_acl_id          = var.web_acl_arn

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.this["site"].id
  }

  origin {
    origin_id   = "api"
    domain_name = var.api.domain_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }

    custom_header {
      name  = local.origin_header
      value = sensitive(terraform_data.origin_key.output)
    }
  }

  dynamic "origin" {
    for_each = var.media[*]

    content {
      origin_id                = "media"
      domain_name              = origin.value.bucket_domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.this["media"].id
    }
  }

  default_cache_behavior {
    target_origin_id           = "site"
    allowed_methods            = local.methods.read
    cached_methods             = local.methods.read
    cache_policy_id            = local.managed.caching_optimized
    response_headers_policy_id = module.headers.id
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.behaviors

    content {
      path_pattern               = ordered_cache_behavior.value.path
      target_origin_id           = ordered_cache_behavior.value.origin
      allowed_methods            = ordered_cache_behavior.value.methods
      cached_methods             = local.methods.read
      cache_policy_id            = local.managed[ordered_cache_behavior.value.caching]
      origin_request_policy_id   = ordered_cache_behavior.value.request
      response_headers_policy_id = module.headers.id
      viewer_protocol_policy     = "redirect-to-https"
      compress                   = true
    }
  }

  dynamic "logging_config" {
    for_each = var.access_log_bucket[*]

    content {
      bucket          = logging_config.value
      prefix          = "${var.name}/"
      include_cookies = false
    }
  }

  dynamic "custom_error_response" {
    for_each = local.errors

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = length(var.names) == 0
    acm_certificate_arn            = length(var.names) == 0 ? null : var.certificate_arn
    ssl_support_method             = length(var.names) == 0 ? null : "sni-only"
    minimum_protocol_version       = length(var.names) == 0 ? "TLSv1" : "TLSv1.2_2021"
  }

  tags = { Name = var.name }
}
