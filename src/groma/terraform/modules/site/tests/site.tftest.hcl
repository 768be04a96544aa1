mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn                         = "arn:aws:s3:::chirp-site-111122223333"
      bucket_regional_domain_name = "chirp-site-111122223333.s3.us-east-1.amazonaws.com"
    }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5" }
  }
}

variables {
  name            = "chirp"
  api             = { domain_name = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com" }
  media           = { bucket_domain_name = "chirp-media-111122223333.s3.us-east-1.amazonaws.com" }
  content         = "tests/content"
  names           = ["chirp.example"]
  certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
  web_acl_arn     = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chirp/12345678-1234-1234-1234-123456789012"
  connect_sources = ["https://chirp-media-111122223333.s3.us-east-1.amazonaws.com"]
}

run "sends_each_path_to_its_origin" {
  command = apply

  assert {
    condition = { for origin in aws_cloudfront_distribution.this.origin : origin.origin_id => origin.domain_name } == {
      site  = "chirp-site-111122223333.s3.us-east-1.amazonaws.com"
      api   = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
      media = "chirp-media-111122223333.s3.us-east-1.amazonaws.com"
    }
    error_message = "There must be three origins: site, API and media."
  }

  assert {
    condition = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [
      ["/api/*", "api"], ["/media/*", "media"]
    ] && aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "site"
    error_message = "Requests to the API and for media must go to their origins, all others to the site."
  }

  assert {
    condition = [
      for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [contains(behavior.allowed_methods, "POST"), behavior.cache_policy_id, behavior.origin_request_policy_id]
      if behavior.target_origin_id == "api"
    ] == [[true, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"]]
    error_message = "The API must get every method and header but the host, and nothing of it be cached."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.this.origin : origin.custom_origin_config[0].origin_protocol_policy if origin.origin_id == "api"] == ["https-only"]
    error_message = "The way to the API must be HTTPS."
  }
}

run "keeps_no_error_for_others" {
  command = apply

  assert {
    condition = toset([for error in aws_cloudfront_distribution.this.custom_error_response : "${error.error_code} ${error.error_caching_min_ttl}"]) == toset([
      "404 0", "500 0", "502 0", "503 0", "504 0",
    ])
    error_message = "An error that one viewer met must not be another's answer."
  }

  assert {
    condition     = alltrue([for error in aws_cloudfront_distribution.this.custom_error_response : error.response_page_path == null || error.response_page_path == ""])
    error_message = "The application's own words must reach the viewer."
  }
}

run "speaks_https_under_its_own_name_behind_the_firewall" {
  command = apply

  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset(["chirp.example"]) && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.certificate_arn && aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "It must answer under its name with its certificate, over TLS 1.2 or newer."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn
    error_message = "The web ACL must guard it."
  }

  assert {
    condition = alltrue([
      for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) :
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.response_headers_policy_id == module.headers.id
    ])
    error_message = "Viewers must be redirected to HTTPS and get security headers."
  }

  assert {
    condition = alltrue([
      for part in ["script-src 'self'", "connect-src 'self' https://chirp-media-111122223333.s3.us-east-1.amazonaws.com", "frame-ancestors 'none'"] :
      strcontains(module.headers.content_security_policy, part)
    ])
    error_message = "Pages may run their own scripts alone, and send to their own origin and the uploads'."
  }
}

run "publishes_the_site" {
  command = apply

  assert {
    condition     = module.content[0].keys == tolist(["index.html", "style.css"])
    error_message = "Each file must be published."
  }
}

run "keeps_the_bucket_private" {
  command = apply

  assert {
    condition     = aws_s3_bucket.site.bucket == "chirp-site-111122223333" && !aws_s3_bucket.site.force_destroy
    error_message = "The bucket must be named after the account, and not be destroyed with what it holds."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.site.block_public_acls,
      aws_s3_bucket_public_access_block.site.block_public_policy,
      aws_s3_bucket_public_access_block.site.ignore_public_acls,
      aws_s3_bucket_public_access_block.site.restrict_public_buckets,
    ])
    error_message = "Public access must be blocked in each way."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.site.policy).Statement : [statement.Principal, statement.Action, statement.Condition.StringEquals["AWS:SourceArn"]] if statement.Effect == "Allow"
    ] == [[{ Service = "cloudfront.amazonaws.com" }, "s3:GetObject", "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5"]]
    error_message = "Only this distribution may read the bucket, and do nothing else."
  }
}

run "answers_under_cloudfronts_name_without_media_and_content" {
  command = apply

  variables {
    names             = []
    certificate_arn   = null
    web_acl_arn       = null
    media             = null
    content           = null
    access_log_bucket = "logs.s3.amazonaws.com"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].cloudfront_default_certificate && length(aws_cloudfront_distribution.this.origin) == 2 && length(module.content) == 0
    error_message = "It must use CloudFront's certificate, without media, and publish nothing."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.logging_config[0].bucket == "logs.s3.amazonaws.com"
    error_message = "The log must go to the bucket."
  }
}

run "sends_the_api_a_key_of_its_own" {
  command = apply

  assert {
    condition = [
      for origin in aws_cloudfront_distribution.this.origin : { for header in origin.custom_header : header.name => sha256(header.value) } if origin.origin_id == "api"
    ] == [{ (output.origin_header) = output.origin_key_sha256 }]
    error_message = "The API's function must be able to tell this distribution from whoever else asks."
  }

  assert {
    condition     = can(regex("^[0-9a-f-]{36}$", terraform_data.origin_key.output)) && alltrue([for origin in aws_cloudfront_distribution.this.origin : length(origin.custom_header) == 0 if origin.origin_id != "api"])
    error_message = "The key must not be guessed, and no bucket be told it."
  }
}

run "keeps_the_key_in_a_second_run" {
  command = apply

  assert {
    condition     = output.origin_key_sha256 == run.sends_the_api_a_key_of_its_own.origin_key_sha256
    error_message = "A key that changed by itself would lock the distribution out for a while."
  }
}

run "rejects_names_without_a_certificate" {
  command = plan

  variables {
    certificate_arn = null
  }

  expect_failures = [var.certificate_arn]
}

run "rejects_a_certificate_of_another_region" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
  }

  expect_failures = [var.certificate_arn]
}

run "rejects_leaving_nothing_to_the_site" {
  command = plan

  variables {
    api = { domain_name = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", paths = ["/*"] }
  }

  expect_failures = [var.api]
}

run "rejects_what_cloudfront_lacks" {
  command = plan

  variables {
    name              = "Chirp_Site"
    media             = { bucket_domain_name = "x", path = "media" }
    content           = "tests/none"
    web_acl_arn       = "chirp"
    connect_sources   = ["'unsafe-inline'"]
    price_class       = "PriceClass_300"
    access_log_bucket = "logs"
  }

  expect_failures = [var.name, var.media, var.content, var.web_acl_arn, var.connect_sources, var.price_class, var.access_log_bucket]
}

run "rejects_a_name_that_is_a_url" {
  command = plan

  variables {
    names = ["https://chirp.example/"]
  }

  expect_failures = [var.names]
}
