data "aws_caller_identity" "current" {}

locals {
  origin_header = "X-Origin-Key"

  methods = { read = ["GET", "HEAD", "OPTIONS"], all = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] }

  # AWS's own policies; their ids are the same in every account.
  managed = {
    caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    all_viewer        = "216adef6-5c7f-47e4-b989-5492eafa07d3"
    security_headers  = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  }

  # What is read from the bucket may be kept, what the application answers may not. An application that has a site of
  # its own says itself which scripts may run there, so that only AWS's own headers are added to its answers.
  cached = {
    origin  = var.replica == null ? "site" : "site-or-replica"
    methods = local.methods.read
    policy  = local.managed.caching_optimized
    request = null
    headers = module.headers.id
  }
  passed_on = {
    origin  = "application"
    methods = local.methods.all
    policy  = local.managed.caching_disabled
    request = local.managed.all_viewer
    headers = var.bucket_paths == null ? module.headers.id : local.managed.security_headers
  }
  others = var.bucket_paths == null ? local.cached : local.passed_on
  paths = concat(
    [for path in var.bucket_paths == null ? var.application_paths : [] : merge(local.passed_on, { pattern = path })],
    [for path in coalesce(var.bucket_paths, []) : merge(local.cached, { pattern = path })],
  )

  # What CloudFront would keep for ten seconds and answer everybody with, whatever the application says of it. Others,
  # such as 403, it keeps only where the answer asks for that.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
  errors = [404, 500, 502, 503, 504]
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "${var.name}-site"
  description                       = "Reads the bucket of ${var.name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

module "headers" {
  source = "../security-headers"

  name            = var.name
  connect_sources = [for name in concat([aws_s3_bucket.site.bucket_regional_domain_name], var.replica[*].domain_name) : "https://${name}"] # pictures are posted to the bucket itself
}

moved {
  from = aws_cloudfront_response_headers_policy.this
  to   = module.headers.aws_cloudfront_response_headers_policy.this
}

# Sent to the load balancer with every request, which lets in no other distribution. Drawn once; drawn anew by
# `terraform apply -replace` of this resource.
resource "terraform_data" "origin_key" {
  input = uuid()

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68: web_acl_arn attaches a web ACL where one is paid for; the check does not read variables.
  #checkov:skip=CKV2_AWS_47: as above; the Log4j rule guards Java, which does not run here.
  #checkov:skip=CKV_AWS_86: CloudFront's metrics serve operation; an access log needs a bucket with ACLs and records personal data.
  #checkov:skip=CKV_AWS_174: with a domain the lowest version is TLS 1.2; without one AWS fixes it for its own certificate.
  #checkov:skip=CKV2_AWS_42: domain brings a certificate; without one there is no name to hold it for.
  #checkov:skip=CKV_AWS_310: the load balancer already spans the zones; a second origin would be a second region.
  #checkov:skip=CKV2_AWS_32: every behaviour has a policy of response headers; the check does not read locals.
  #checkov:skip=CKV_AWS_374: the application has users everywhere.
  comment             = var.name
  enabled             = true
  aliases             = var.domain == null ? [] : var.domain.names
  default_root_object = var.bucket_paths == null ? "index.html" : null
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = var.price_class
  web_acl_id          = var.web_acl_arn

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  dynamic "origin" {
    for_each = var.replica[*]

    content {
      origin_id                = "replica"
      domain_name              = origin.value.domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.site.id
    }
  }

  # What the bucket cannot answer is read from the other one.
  dynamic "origin_group" {
    for_each = var.replica[*]

    content {
      origin_id = "site-or-replica"

      failover_criteria {
        status_codes = [403, 404, 500, 502, 503, 504] # 403 and 404: not replicated back yet
      }

      member {
        origin_id = "site"
      }

      member {
        origin_id = "replica"
      }
    }
  }

  origin {
    origin_id   = "application"
    domain_name = var.origin_domain_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = var.origin_https ? "https-only" : "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }

    custom_header {
      name  = local.origin_header
      value = sensitive(terraform_data.origin_key.output)
    }
  }

  default_cache_behavior {
    target_origin_id           = local.others.origin
    allowed_methods            = local.others.methods
    cached_methods             = local.methods.read
    cache_policy_id            = local.others.policy
    origin_request_policy_id   = local.others.request
    response_headers_policy_id = local.others.headers
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.paths

    content {
      path_pattern               = ordered_cache_behavior.value.pattern
      target_origin_id           = ordered_cache_behavior.value.origin
      allowed_methods            = ordered_cache_behavior.value.methods
      cached_methods             = local.methods.read
      cache_policy_id            = ordered_cache_behavior.value.policy
      origin_request_policy_id   = ordered_cache_behavior.value.request
      response_headers_policy_id = ordered_cache_behavior.value.headers
      viewer_protocol_policy     = "redirect-to-https"
      compress                   = true
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
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = try(var.domain.certificate_arn, null)
    minimum_protocol_version       = var.domain == null ? null : "TLSv1.2_2021"
    ssl_support_method             = var.domain == null ? null : "sni-only"
  }

  tags = { Name = var.name }
}
