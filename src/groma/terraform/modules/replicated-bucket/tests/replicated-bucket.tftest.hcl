mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      id  = "chirp-media-111122223333-us-east-1"
      arn = "arn:aws:s3:::chirp-media-111122223333-us-east-1"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-media-replication-us-east-1" }
  }
}

variables {
  name = "chirp-media"
  replicas = {
    eu-west-1 = "arn:aws:s3:::chirp-media-111122223333-eu-west-1"
    us-west-2 = "arn:aws:s3:::chirp-media-111122223333-us-west-2"
  }
  distribution_arns = ["arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5"]
  upload_origins    = ["https://chirp.example.com"]
}

run "replicates_to_each_region_within_a_quarter_of_an_hour" {
  command = apply

  assert {
    condition = [for rule in aws_s3_bucket_replication_configuration.this[0].rule : [rule.id, rule.priority, rule.status, rule.destination[0].bucket]] == [
      ["to-eu-west-1", 1, "Enabled", "arn:aws:s3:::chirp-media-111122223333-eu-west-1"],
      ["to-us-west-2", 2, "Enabled", "arn:aws:s3:::chirp-media-111122223333-us-west-2"],
    ]
    error_message = "There must be a rule for each region, each with a priority of its own."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_replication_configuration.this[0].rule :
      rule.delete_marker_replication[0].status == "Enabled" && rule.destination[0].replication_time[0].time[0].minutes == 15 && rule.destination[0].metrics[0].status == "Enabled"
    ])
    error_message = "Deletions must be replicated too, and the time must be kept and measured."
  }
}

run "lets_replication_do_nothing_else" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_role.replication[0].assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:s3:::chirp-media-111122223333-us-east-1"
    error_message = "Only S3 on behalf of this bucket may take the role."
  }

  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.replication[0].policy).Statement : s.Sid => s.Resource } == {
      ReadRules     = "arn:aws:s3:::chirp-media-111122223333-us-east-1"
      ReadVersions  = "arn:aws:s3:::chirp-media-111122223333-us-east-1/*"
      WriteReplicas = ["arn:aws:s3:::chirp-media-111122223333-eu-west-1/*", "arn:aws:s3:::chirp-media-111122223333-us-west-2/*"]
    }
    error_message = "The role must read this bucket and write to the replicas, nothing else."
  }
}

run "is_private_encrypted_and_versioned" {
  command = apply

  assert {
    condition     = output.bucket_name == "chirp-media-111122223333-us-east-1" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket must be named after account and region, and not be destroyed with what it holds."
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
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket must keep versions and know no ACLs."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30 && aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
    error_message = "Old versions and broken uploads must go after their time."
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : [s.Effect, s.Sid]] == [
      ["Deny", "OnlyOverTls"],
      ["Allow", "DistributionReads"],
    ]
    error_message = "Only the distribution may read, and only over TLS."
  }
}

run "takes_uploads_from_the_site_alone" {
  command = apply

  assert {
    condition     = one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_origins == toset(["https://chirp.example.com"]) && one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_methods == toset(["POST"])
    error_message = "Browsers may upload from the site's pages alone."
  }
}

run "only_receives_when_it_has_no_replicas" {
  command = apply

  variables {
    replicas          = {}
    distribution_arns = []
    upload_origins    = []
  }

  assert {
    condition     = length(aws_s3_bucket_replication_configuration.this) == 0 && length(aws_iam_role.replication) == 0 && length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "There must be no rule, no role and no CORS."
  }

  assert {
    condition     = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Effect] == ["Deny"]
    error_message = "Nobody outside the account may read."
  }
}

run "tells_a_topic_of_uploads" {
  command = apply

  variables {
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded", prefix = "uploads/" }
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].topic[0].filter_prefix == "uploads/" && aws_s3_bucket_notification.this[0].topic[0].topic_arn == "arn:aws:sns:us-east-1:111122223333:chirp-uploaded"
    error_message = "The topic must be told of what is uploaded, and of nothing else."
  }
}

run "publishes_a_site_and_what_was_checked" {
  command = apply

  variables {
    content          = "tests/content"
    published_prefix = "media/"
    uploads          = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded", prefix = "uploads/" }
  }

  assert {
    condition     = module.content[0].keys == tolist(["index.html", "style.css"])
    error_message = "Each file must be published."
  }

  assert {
    condition = { for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Effect => [s.Principal, s.Action, s.Resource] if s.Sid != "OnlyOverTls" } == {
      Allow = [{ Service = "cloudfront.amazonaws.com" }, "s3:GetObject", "arn:aws:s3:::chirp-media-111122223333-us-east-1/*"]
      Deny  = [{ Service = "cloudfront.amazonaws.com" }, "s3:GetObject", "arn:aws:s3:::chirp-media-111122223333-us-east-1/uploads/*"]
    }
    error_message = "The distribution may read the site and what was checked, and no upload that was not."
  }

  assert {
    condition     = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : try(s.Condition, null) == null if s.Sid == "UncheckedIsNotRead"] == [true]
    error_message = "An upload that was not checked must be read through no distribution at all."
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : [rule.status, rule.filter[0].prefix, rule.noncurrent_version_expiration[0].noncurrent_days, rule.expiration[0].days] if rule.id == "end-uploads"
    ] == [["Enabled", "uploads/", 1, 15]]
    error_message = "A deleted upload must be gone after a day, and a forgotten one after 15."
  }
}

run "rejects_a_site_without_a_first_page" {
  command = plan

  variables {
    content = "tests/none"
  }

  expect_failures = [var.content]
}

run "lets_nothing_but_the_published_be_read_without_a_site" {
  command = apply

  variables {
    published_prefix = "media/"
  }

  assert {
    condition     = one([for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Resource if s.Effect == "Allow"]) == "arn:aws:s3:::chirp-media-111122223333-us-east-1/media/*"
    error_message = "The distribution must read what was published, and nothing else."
  }
}

run "rejects_an_end_of_the_site" {
  command = plan

  variables {
    content = "tests/content"
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded", prefix = "style" }
  }

  expect_failures = [var.uploads]
}

run "rejects_uploads_among_the_site" {
  command = plan

  variables {
    content = "tests/content"
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded" }
  }

  expect_failures = [var.uploads]
}

run "rejects_uploads_below_a_pattern" {
  command = plan

  variables {
    uploads = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded", prefix = "uploads*" }
  }

  expect_failures = [var.uploads]
}

run "rejects_an_end_of_what_is_published" {
  command = plan

  variables {
    published_prefix = "uploads/media/"
    uploads          = { topic_arn = "arn:aws:sns:us-east-1:111122223333:chirp-uploaded", prefix = "uploads/" }
  }

  expect_failures = [var.uploads]
}

run "replicates_no_more_than_is_asked" {
  command = apply

  variables {
    published_prefix = "media/"
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_replication_configuration.this[0].rule : rule.filter[0].prefix == "media/"])
    error_message = "What is only passed through must stay in its region."
  }
}

run "rejects_uploads_to_what_is_no_topic" {
  command = plan

  variables {
    uploads = { topic_arn = "chirp-uploaded" }
  }

  expect_failures = [var.uploads]
}

run "rejects_a_replica_that_is_no_bucket" {
  command = plan

  variables {
    replicas = { eu-west-1 = "chirp-media-111122223333-eu-west-1" }
  }

  expect_failures = [var.replicas]
}

run "rejects_an_origin_with_a_path" {
  command = plan

  variables {
    upload_origins = ["https://chirp.example.com/"]
  }

  expect_failures = [var.upload_origins]
}

run "rejects_a_name_that_no_bucket_takes" {
  command = plan

  variables {
    name = "Chirp_Media"
  }

  expect_failures = [var.name]
}

run "rejects_a_prefix_that_no_key_has" {
  command = plan

  variables {
    published_prefix = "/media/"
  }

  expect_failures = [var.published_prefix]
}
