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

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-site-replication" }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = {
      arn         = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5"
      domain_name = "d111111abcdef8.cloudfront.net"
    }
  }
}

variables {
  name               = "chirp"
  origin_domain_name = "chirp-web-123456789.us-east-1.elb.amazonaws.com"
  content            = "tests/content"
}

run "sends_the_api_to_the_application_and_the_rest_to_the_bucket" {
  command = apply

  assert {
    condition = { for origin in aws_cloudfront_distribution.this.origin : origin.origin_id => origin.domain_name } == {
      application = "chirp-web-123456789.us-east-1.elb.amazonaws.com"
      site        = "chirp-site-111122223333.s3.us-east-1.amazonaws.com"
    }
    error_message = "There must be two origins, the load balancer and the bucket."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "site" && aws_cloudfront_distribution.this.default_root_object == "index.html" && !contains(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods, "POST")
    error_message = "Pages and pictures must come from the bucket, beginning with index.html, and only be read."
  }

  assert {
    condition = [
      for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior :
      [behavior.path_pattern, behavior.target_origin_id, contains(behavior.allowed_methods, "DELETE"), behavior.cache_policy_id, behavior.origin_request_policy_id]
    ] == [["/api/*", "application", true, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "216adef6-5c7f-47e4-b989-5492eafa07d3"]]
    error_message = "The application must get every method and header below /api, and nothing of it be cached."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.price_class == "PriceClass_100"
    error_message = "HTTP/2 and HTTP/3 must be spoken, in the price class asked for."
  }
}

run "leaves_to_the_bucket_what_it_is_told_and_passes_on_all_else" {
  command = apply

  variables {
    bucket_paths = ["/static/*", "/media/*"]
    content      = null
  }

  assert {
    condition = [
      for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior :
      [behavior.path_pattern, behavior.target_origin_id, contains(behavior.allowed_methods, "POST"), behavior.cache_policy_id]
      ] == [
      ["/static/*", "site", false, "658327ea-f89d-4fab-a63d-7e88639e58f6"],
      ["/media/*", "site", false, "658327ea-f89d-4fab-a63d-7e88639e58f6"],
    ]
    error_message = "What lies in the bucket must be read from there, and kept."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_root_object == null && [for behavior in aws_cloudfront_distribution.this.default_cache_behavior : [behavior.target_origin_id, contains(behavior.allowed_methods, "DELETE"), behavior.cache_policy_id, behavior.origin_request_policy_id, behavior.response_headers_policy_id]] == [["application", true, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "216adef6-5c7f-47e4-b989-5492eafa07d3", "67f7725c-6f97-4210-82d7-5512b31e9d03"]]
    error_message = "The application must get all else with every method and header, and AWS's own security headers."
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

run "speaks_https_to_viewers" {
  command = apply

  assert {
    condition = alltrue([
      for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) :
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.response_headers_policy_id == module.headers.id
    ])
    error_message = "Viewers must be redirected to HTTPS and get security headers."
  }

  assert {
    condition = alltrue([
      for part in ["script-src 'self'", "connect-src 'self' https://chirp-site-111122223333.s3.us-east-1.amazonaws.com", "frame-ancestors 'none'"] :
      strcontains(module.headers.content_security_policy, part)
    ])
    error_message = "Pages may run their own scripts alone, and send to their own origin and the bucket."
  }
}

run "publishes_the_site" {
  command = apply

  assert {
    condition     = module.content[0].keys == tolist(["index.html", "style.css"])
    error_message = "Each file must be published."
  }
}

run "publishes_nothing_without_content" {
  command = apply

  variables {
    content = null
  }

  assert {
    condition     = length(module.content) == 0
    error_message = "Whoever publishes otherwise must find the bucket empty."
  }
}

run "rejects_content_without_a_first_page" {
  command = plan

  variables {
    content = "tests/none"
  }

  expect_failures = [var.content]
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

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.site.policy).Statement : statement.Condition.Bool["aws:SecureTransport"] if statement.Effect == "Deny"
    ] == ["false"]
    error_message = "The bucket must refuse whatever does not come over TLS."
  }

  assert {
    condition     = aws_s3_bucket_versioning.site.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_ownership_controls.site.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket must keep versions and know no ACLs."
  }
}

run "lets_its_own_pages_upload_by_a_form" {
  command = apply

  assert {
    condition = jsonencode([
      for rule in aws_s3_bucket_cors_configuration.site.cors_rule : [rule.allowed_origins, rule.allowed_methods]
    ]) == jsonencode([[["https://d111111abcdef8.cloudfront.net"], ["POST"]]])
    error_message = "Browsers must be able to post from the distribution's own pages, and nothing else."
  }
}

run "has_no_name_of_its_own_and_no_firewall_unless_told" {
  command = apply

  assert {
    condition     = length(aws_cloudfront_distribution.this.aliases) == 0 && aws_cloudfront_distribution.this.viewer_certificate[0].cloudfront_default_certificate && aws_cloudfront_distribution.this.web_acl_id == null
    error_message = "Without a domain it must answer under its own name, with CloudFront's certificate."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.this.origin : origin.custom_origin_config[0].origin_protocol_policy if origin.origin_id == "application"] == ["http-only"]
    error_message = "Without a certificate the load balancer can only be asked over HTTP."
  }
}

run "answers_under_a_domain_and_asks_over_https" {
  command = apply

  variables {
    origin_domain_name = "origin.chirp.example"
    origin_https       = true
    domain             = { names = ["chirp.example"], certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
    web_acl_arn        = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chirp/12345678-1234-1234-1234-123456789012"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset(["chirp.example"]) && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.domain.certificate_arn && aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "It must answer under the domain, with its certificate and TLS 1.2 at least."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.this.origin : "${origin.domain_name} ${origin.custom_origin_config[0].origin_protocol_policy}" if origin.origin_id == "application"] == ["origin.chirp.example https-only"]
    error_message = "The load balancer must be asked by its certificate's name, over HTTPS alone."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn
    error_message = "Requests must pass the web ACL."
  }

  assert {
    condition     = toset(flatten(aws_s3_bucket_cors_configuration.site.cors_rule[*].allowed_origins)) == toset(["https://d111111abcdef8.cloudfront.net", "https://chirp.example"])
    error_message = "Pages must be able to upload under either name."
  }
}

run "rejects_a_certificate_of_another_region" {
  command = plan

  variables {
    domain = { names = ["chirp.example"], certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  expect_failures = [var.domain]
}

run "rejects_a_domain_without_names" {
  command = plan

  variables {
    domain = { names = [], certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  expect_failures = [var.domain]
}

run "rejects_a_web_acl_of_a_region" {
  command = plan

  variables {
    web_acl_arn = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/chirp/12345678-1234-1234-1234-123456789012"
  }

  expect_failures = [var.web_acl_arn]
}

run "takes_several_application_paths_in_order" {
  command = apply

  variables {
    application_paths = ["/graphql", "/api/*"]
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : behavior.path_pattern] == ["/graphql", "/api/*"]
    error_message = "Paths must keep their order."
  }
}

run "sends_the_load_balancer_a_key_of_its_own" {
  command = apply

  assert {
    condition = [
      for origin in aws_cloudfront_distribution.this.origin : { for header in origin.custom_header : header.name => header.value } if origin.origin_id == "application"
    ] == [{ (output.origin_header) = output.origin_key }]
    error_message = "The load balancer must be able to tell this distribution from all others."
  }

  assert {
    condition     = can(regex("^[0-9a-f-]{36}$", output.origin_key)) && alltrue([for origin in aws_cloudfront_distribution.this.origin : length(origin.custom_header) == 0 if origin.origin_id != "application"])
    error_message = "The key must not be guessed, and the bucket not be told it."
  }
}

run "keeps_the_key_in_a_second_run" {
  command = apply

  assert {
    condition     = output.origin_key == run.sends_the_load_balancer_a_key_of_its_own.origin_key
    error_message = "A key that changed by itself would lock the distribution out for a while."
  }
}

run "rejects_a_price_class_that_cloudfront_lacks" {
  command = plan

  variables {
    price_class = "PriceClass_300"
  }

  expect_failures = [var.price_class]
}

run "rejects_leaving_nothing_to_the_bucket" {
  command = plan

  variables {
    application_paths = ["/*"]
  }

  expect_failures = [var.application_paths]
}

run "rejects_an_origin_that_is_a_url" {
  command = plan

  variables {
    origin_domain_name = "http://chirp-web-123456789.us-east-1.elb.amazonaws.com/"
  }

  expect_failures = [var.origin_domain_name]
}

run "rejects_a_name_that_no_bucket_takes" {
  command = plan

  variables {
    name = "Chirp_Site"
  }

  expect_failures = [var.name]
}

run "copies_pictures_to_another_region_and_reads_there_what_is_missing" {
  command = apply

  variables {
    replica = {
      region      = "us-west-2"
      bucket_arn  = "arn:aws:s3:::chirp-site-111122223333-us-west-2"
      domain_name = "chirp-site-111122223333-us-west-2.s3.us-west-2.amazonaws.com"
      prefix      = "media/"
    }
    permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
  }

  assert {
    condition     = [for group in aws_cloudfront_distribution.this.origin_group : "${group.origin_id}: ${join(" ", group.member[*].origin_id)}"] == ["site-or-replica: site replica"] && aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "site-or-replica"
    error_message = "What the bucket cannot answer must be read from the other one."
  }

  assert {
    condition     = contains(aws_cloudfront_distribution.this.origin[*].domain_name, "chirp-site-111122223333-us-west-2.s3.us-west-2.amazonaws.com")
    error_message = "CloudFront must know the other bucket."
  }

  assert {
    condition     = [for rule in aws_s3_bucket_replication_configuration.site[0].rule : [rule.id, rule.filter[0].prefix, rule.destination[0].bucket, rule.destination[0].replication_time[0].time[0].minutes]] == [["to-us-west-2", "media/", "arn:aws:s3:::chirp-site-111122223333-us-west-2", 15]]
    error_message = "What lies below the prefix must be copied within 15 minutes."
  }

  assert {
    condition     = aws_iam_role.replication[0].permissions_boundary == "arn:aws:iam::111122223333:policy/boundary" && strcontains(aws_iam_role_policy.replication[0].policy, "arn:aws:s3:::chirp-site-111122223333-us-west-2/*")
    error_message = "The role must be bounded, and write there alone."
  }
}

run "rejects_a_replica_that_is_no_bucket" {
  command = plan

  variables {
    replica = { region = "us-west-2", bucket_arn = "chirp-site", domain_name = "chirp-site.s3.us-west-2.amazonaws.com", prefix = "media/" }
  }

  expect_failures = [var.replica]
}

run "rejects_a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}
