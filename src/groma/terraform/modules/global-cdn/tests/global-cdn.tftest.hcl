mock_provider "aws" {
  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5" }
  }
}

variables {
  name        = "chirp"
  application = { domain_name = "origin.chirp.example.com" }
  buckets = [
    {
      name = "site"
      domain_names = [
        "chirp-site-111122223333-us-east-1.s3.us-east-1.amazonaws.com",
        "chirp-site-111122223333-eu-west-1.s3.eu-west-1.amazonaws.com",
      ]
      paths = ["/static/*"]
    },
    {
      name = "media"
      domain_names = [
        "chirp-media-111122223333-us-east-1.s3.us-east-1.amazonaws.com",
        "chirp-media-111122223333-eu-west-1.s3.eu-west-1.amazonaws.com",
      ]
      paths = ["/media/*"]
    },
  ]
  domain = {
    names           = ["chirp.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
  }
}

run "sends_the_api_to_the_application_and_the_rest_to_the_first_bucket" {
  command = apply

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == var.buckets[0].name && aws_cloudfront_distribution.this.default_root_object == "index.html" && !contains(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods, "POST")
    error_message = "What nobody else answers must come from the first bucket, beginning with index.html, and only be read."
  }

  assert {
    condition = [
      for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [contains(behavior.allowed_methods, "DELETE"), behavior.cache_policy_id, behavior.origin_request_policy_id]
      if behavior.target_origin_id == "application"
    ] == [[true, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "216adef6-5c7f-47e4-b989-5492eafa07d3"]]
    error_message = "The application must get every method and header, and nothing of it be cached."
  }

  assert {
    condition = [for origin in aws_cloudfront_distribution.this.origin : [origin.domain_name, origin.custom_origin_config[0].origin_protocol_policy] if origin.origin_id == "application"] == [
      ["origin.chirp.example.com", "https-only"]
    ]
    error_message = "The application must be reached by the name of all regions, over HTTPS."
  }

  assert {
    condition = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [
      ["/api/*", "application"],
      ["/static/*", "site"],
      ["/media/*", "media"],
    ]
    error_message = "Files must come from their buckets."
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

run "reads_a_replica_when_a_bucket_fails" {
  command = apply

  assert {
    condition = { for group in aws_cloudfront_distribution.this.origin_group : group.origin_id => join(" ", group.member[*].origin_id) } == {
      site  = "site-1 site-2"
      media = "media-1 media-2"
    }
    error_message = "Each bucket must be backed by its replica."
  }

  assert {
    condition     = alltrue([for origin in aws_cloudfront_distribution.this.origin : origin.origin_access_control_id == aws_cloudfront_origin_access_control.buckets.id if origin.origin_id != "application"])
    error_message = "Buckets must be read by signed requests."
  }
}

run "answers_under_its_own_name" {
  command = apply

  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset(["chirp.example.com"]) && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.domain.certificate_arn && aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "The domain's certificate must be used, with TLS 1.2 or later."
  }

  assert {
    condition = alltrue([
      for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) :
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.response_headers_policy_id == module.headers.id
    ])
    error_message = "Viewers must be redirected to HTTPS and get security headers."
  }
}

run "answers_under_cloudfronts_name_without_a_domain" {
  command = apply

  variables {
    application = { domain_name = "origin.chirp.example.com", https = false }
    domain      = null
    web_acl_arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chirp/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
    price_class = "PriceClass_100"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].cloudfront_default_certificate == true && length(coalesce(aws_cloudfront_distribution.this.aliases, [])) == 0
    error_message = "CloudFront's own certificate must be used."
  }

  assert {
    condition     = one([for origin in aws_cloudfront_distribution.this.origin : origin.custom_origin_config[0].origin_protocol_policy if origin.origin_id == "application"]) == "http-only"
    error_message = "The application must be reached as it listens."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn && aws_cloudfront_distribution.this.price_class == "PriceClass_100"
    error_message = "Web ACL and price class must be as asked for."
  }
}

run "sends_the_application_a_key_of_its_own" {
  command = apply

  assert {
    condition = [
      for origin in aws_cloudfront_distribution.this.origin : { for header in origin.custom_header : header.name => header.value } if origin.origin_id == "application"
    ] == [{ (output.origin_header) = output.origin_key }]
    error_message = "The load balancers must be able to tell this distribution from all others."
  }

  assert {
    condition     = can(regex("^[0-9a-f-]{36}$", output.origin_key)) && alltrue([for origin in aws_cloudfront_distribution.this.origin : length(origin.custom_header) == 0 if origin.origin_id != "application"])
    error_message = "The key must not be guessed, and nobody else be told it."
  }
}

run "keeps_the_key_in_a_second_run" {
  command = apply

  assert {
    condition     = output.origin_key == run.sends_the_application_a_key_of_its_own.origin_key
    error_message = "A key that changed by itself would lock the distribution out for a while."
  }
}

run "lets_pages_upload_where_they_are_told" {
  command = apply

  variables {
    connect_sources = ["https://chirp-media-111122223333-us-east-1.s3.us-east-1.amazonaws.com"]
    buckets = [{
      name = "media"
      domain_names = [
        "chirp-media-111122223333-us-east-1.s3.us-east-1.amazonaws.com",
        "chirp-media-111122223333-eu-west-1.s3.eu-west-1.amazonaws.com",
      ]
    }]
  }

  assert {
    condition     = strcontains(module.headers.content_security_policy, "connect-src 'self' https://chirp-media-111122223333-us-east-1.s3.us-east-1.amazonaws.com;")
    error_message = "Pages must be able to send to the buckets named."
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : behavior.path_pattern] == ["/api/*"]
    error_message = "A single bucket must need no paths."
  }
}

run "rejects_a_further_bucket_that_is_never_read" {
  command = plan

  variables {
    buckets = [
      for name in ["site", "media"] :
      { name = name, domain_names = ["chirp-${name}-111122223333-us-east-1.s3.us-east-1.amazonaws.com", "chirp-${name}-111122223333-eu-west-1.s3.eu-west-1.amazonaws.com"] }
    ]
  }

  expect_failures = [var.buckets]
}

run "rejects_leaving_nothing_to_the_buckets" {
  command = plan

  variables {
    application = { domain_name = "origin.chirp.example.com", paths = ["/*"] }
  }

  expect_failures = [var.application]
}

run "rejects_a_source_that_is_no_host" {
  command = plan

  variables {
    connect_sources = ["'unsafe-inline'"]
  }

  expect_failures = [var.connect_sources]
}

run "rejects_a_bucket_without_replica" {
  command = plan

  variables {
    buckets = [{ name = "site", domain_names = ["chirp-site-111122223333-us-east-1.s3.us-east-1.amazonaws.com"], paths = ["/static/*"] }]
  }

  expect_failures = [var.buckets]
}

run "rejects_a_certificate_of_another_region" {
  command = plan

  variables {
    domain = {
      names           = ["chirp.example.com"]
      certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
    }
  }

  expect_failures = [var.domain]
}

run "rejects_an_application_that_is_a_url" {
  command = plan

  variables {
    application = { domain_name = "https://origin.chirp.example.com/" }
  }

  expect_failures = [var.application]
}
