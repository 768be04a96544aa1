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

run "sends_everything_but_files_to_the_application" {
  command = apply

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "application" && contains(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods, "POST")
    error_message = "Whatever is no file must go to the application, with every method."
  }

  assert {
    condition = [for origin in aws_cloudfront_distribution.this.origin : [origin.domain_name, origin.custom_origin_config[0].origin_protocol_policy] if origin.origin_id == "application"] == [
      ["origin.chirp.example.com", "https-only"]
    ]
    error_message = "The application must be reached by the name of all regions, over HTTPS."
  }

  assert {
    condition = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [
      ["/static/*", "site"],
      ["/media/*", "media"],
    ]
    error_message = "Files must come from their buckets."
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
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03"
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
