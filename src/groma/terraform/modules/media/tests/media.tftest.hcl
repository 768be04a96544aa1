mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::chirp-media-111122223333" }
  }
}

variables {
  name             = "chirp"
  distribution_arn = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5"
  upload_origins   = ["https://chirp.example"]
  uploads          = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-pictures", prefix = "uploads/" }
}

run "lets_browsers_upload_from_the_site_alone" {
  command = apply

  assert {
    condition = [
      for rule in aws_s3_bucket_cors_configuration.this.cors_rule : [rule.allowed_methods, rule.allowed_origins]
    ] == [[toset(["POST"]), toset(["https://chirp.example"])]]
    error_message = "Only the site's pages may upload, by a form."
  }

  assert {
    condition     = [for topic in aws_s3_bucket_notification.this[0].topic : [topic.topic_arn, topic.filter_prefix]] == [["arn:aws:sns:us-east-1:111122223333:chirp-pictures", "uploads/"]]
    error_message = "The topic must be told of each upload."
  }
}

run "keeps_the_bucket_private" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.bucket == "chirp-media-111122223333" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket must be named after the account, and not be destroyed with what it holds."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access must be blocked in each way."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : [statement.Action, statement.Resource, statement.Condition.StringEquals["AWS:SourceArn"]] if statement.Effect == "Allow"
    ] == [["s3:GetObject", "arn:aws:s3:::chirp-media-111122223333/media/*", "arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5"]]
    error_message = "Only this distribution may read, and only what is published."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket must keep versions and know no ACLs."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1 && aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "Broken uploads must end, and old versions after 30 days."
  }
}

run "keeps_no_original_for_long" {
  command = apply

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : [rule.status, rule.filter[0].prefix, rule.noncurrent_version_expiration[0].noncurrent_days, rule.expiration[0].days] if rule.id == "end-uploads"
    ] == [["Enabled", "uploads/", 1, 15]]
    error_message = "A deleted upload must be gone after a day, and a forgotten one after 15."
  }
}

run "needs_no_topic" {
  command = apply

  variables {
    uploads = null
  }

  assert {
    condition     = length(aws_s3_bucket_notification.this) == 0
    error_message = "Nobody must be told."
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id] == ["end-broken-uploads"]
    error_message = "Without uploads nothing but broken ones and old versions must end."
  }
}

run "ends_nothing_by_itself_without_a_prefix" {
  command = plan

  variables {
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-pictures" }
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id] == ["end-broken-uploads"]
    error_message = "Without a prefix all objects are uploads, and kept."
  }
}

run "rejects_an_end_of_what_is_published" {
  command = plan

  variables {
    published_prefix = "uploads/media/"
  }

  expect_failures = [var.uploads]
}

run "rejects_days_that_are_none" {
  command = plan

  variables {
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-pictures", prefix = "uploads/", keep_days = 0.5 }
  }

  expect_failures = [var.uploads]
}

run "rejects_uploads_from_anywhere" {
  command = plan

  variables {
    upload_origins = ["*"]
  }

  expect_failures = [var.upload_origins]
}

run "rejects_what_s3_lacks" {
  command = plan

  variables {
    name             = "Chirp"
    distribution_arn = "EDFDVBD632BHDS5"
    uploads          = { topic_arn = "chirp-pictures" }
    old_version_days = 0
  }

  expect_failures = [var.name, var.distribution_arn, var.uploads, var.old_version_days]
}

run "rejects_wildcards_in_what_is_published" {
  command = plan

  variables {
    published_prefix = "media*"
  }

  expect_failures = [var.published_prefix]
}
