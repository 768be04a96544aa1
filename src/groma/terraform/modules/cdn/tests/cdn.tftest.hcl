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
  name               = "chirp"
  origin_domain_name = "chirp-web-123456789.us-east-1.elb.amazonaws.com"
}

run "sends_static_paths_to_the_bucket_and_the_rest_to_the_application" {
  command = apply

  assert {
    condition = { for origin in aws_cloudfront_distribution.this.origin : origin.origin_id => origin.domain_name } == {
      application = "chirp-web-123456789.us-east-1.elb.amazonaws.com"
      site        = "chirp-site-111122223333.s3.us-east-1.amazonaws.com"
    }
    error_message = "There must be two origins, the load balancer and the bucket."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "application" && contains(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods, "POST")
    error_message = "Whatever is not static must go to the application, with every method."
  }

  assert {
    condition = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [
      ["/static/*", "site"]
    ]
    error_message = "Static paths must go to the bucket."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.price_class == "PriceClass_100"
    error_message = "HTTP/2 and HTTP/3 must be spoken, in the price class asked for."
  }
}

run "speaks_https_to_viewers" {
  command = apply

  assert {
    condition = alltrue([
      for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) :
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    ])
    error_message = "Viewers must be redirected to HTTPS and get security headers."
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

run "takes_several_static_paths_in_order" {
  command = apply

  variables {
    static_paths = ["/static/*", "/media/*"]
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : behavior.path_pattern] == ["/static/*", "/media/*"]
    error_message = "Static paths must keep their order."
  }
}

run "rejects_a_price_class_that_cloudfront_lacks" {
  command = plan

  variables {
    price_class = "PriceClass_300"
  }

  expect_failures = [var.price_class]
}

run "rejects_leaving_nothing_to_the_application" {
  command = plan

  variables {
    static_paths = ["/*"]
  }

  expect_failures = [var.static_paths]
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
