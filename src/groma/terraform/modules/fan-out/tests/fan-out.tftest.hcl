mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111122223333:chirp-posts" }
  }

  override_resource {
    target = aws_sqs_queue.this
    values = {
      arn = "arn:aws:sqs:us-east-1:111122223333:chirp-posts-timelines"
      url = "https://sqs.us-east-1.amazonaws.com/111122223333/chirp-posts-timelines"
    }
  }

  override_resource {
    target = aws_sqs_queue.dead_letter
    values = { arn = "arn:aws:sqs:us-east-1:111122223333:chirp-posts-timelines-dead-letter" }
  }
}

variables {
  name        = "chirp-posts"
  queues      = { timelines = { function_timeout_s = 30 } }
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
}

run "hides_a_message_six_times_as_long_as_its_function_may_take" {
  command = apply

  assert {
    condition     = aws_sqs_queue.this["timelines"].visibility_timeout_seconds == 180 && aws_sqs_queue.this["timelines"].name == "chirp-posts-timelines"
    error_message = "A message must stay hidden for six times the function's timeout."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this["timelines"].redrive_policy) == { deadLetterTargetArn = "arn:aws:sqs:us-east-1:111122223333:chirp-posts-timelines-dead-letter", maxReceiveCount = 5 }
    error_message = "A message that failed five times must go to the dead-letter queue."
  }

  assert {
    condition     = aws_sqs_queue.dead_letter["timelines"].message_retention_seconds == 1209600 && jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letter["timelines"].redrive_allow_policy).sourceQueueArns == ["arn:aws:sqs:us-east-1:111122223333:chirp-posts-timelines"]
    error_message = "The dead-letter queue must keep messages for 14 days, and take them from its queue alone."
  }
}

run "encrypts_everything" {
  command = apply

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == var.kms_key_arn && aws_sqs_queue.this["timelines"].sqs_managed_sse_enabled && aws_sqs_queue.dead_letter["timelines"].sqs_managed_sse_enabled
    error_message = "Topic and queues must be encrypted."
  }
}

run "delivers_raw_messages_to_queues_that_take_them_from_the_topic_alone" {
  command = apply

  assert {
    condition     = aws_sns_topic_subscription.this["timelines"].raw_message_delivery && aws_sns_topic_subscription.this["timelines"].filter_policy == null
    error_message = "The queue must get each message as it was published."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sqs_queue_policy.this["timelines"].policy).Statement : [statement.Principal, statement.Condition.ArnEquals["aws:SourceArn"]] if statement.Effect == "Allow"
    ] == [[{ Service = "sns.amazonaws.com" }, ["arn:aws:sns:us-east-1:111122223333:chirp-posts"]]]
    error_message = "Only this topic may send to the queue."
  }

  assert {
    condition     = [for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement : statement.Sid] == ["AccountPublishes", "OnlyOverTls"]
    error_message = "No bucket may publish unless one is named."
  }

  assert {
    condition     = output.queue_arns == { timelines = "arn:aws:sqs:us-east-1:111122223333:chirp-posts-timelines" } && output.queue_urls == { timelines = "https://sqs.us-east-1.amazonaws.com/111122223333/chirp-posts-timelines" }
    error_message = "What a function's event source needs must be told by name."
  }
}

run "takes_from_buckets_and_filters" {
  command = apply

  variables {
    bucket_arns = ["arn:aws:s3:::chirp-media-111122223333"]
    queues = {
      pictures = { function_timeout_s = 60, max_receive_count = 3, filter = { kind = ["picture"] } }
      counters = { function_timeout_s = 10 }
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement : statement.Condition if statement.Sid == "BucketsPublish"
    ] == [{ StringEquals = { "aws:SourceAccount" = "111122223333" }, ArnEquals = { "aws:SourceArn" = ["arn:aws:s3:::chirp-media-111122223333"] } }]
    error_message = "The bucket of this account must be allowed to publish."
  }

  assert {
    condition     = jsondecode(aws_sns_topic_subscription.this["pictures"].filter_policy) == { kind = ["picture"] } && length(aws_sqs_queue.this) == 2 && length(aws_sqs_queue.dead_letter) == 2
    error_message = "Each queue must have its filter and its dead-letter queue."
  }
}

run "sends_to_queues_of_other_regions_and_takes_from_topics_there" {
  command = apply

  variables {
    queues_elsewhere     = { europe = "arn:aws:sqs:eu-west-1:111122223333:chirp-posts-timelines" }
    topic_arns_elsewhere = ["arn:aws:sns:eu-west-1:111122223333:chirp-posts"]
  }

  assert {
    condition     = aws_sns_topic_subscription.elsewhere["europe"].endpoint == "arn:aws:sqs:eu-west-1:111122223333:chirp-posts-timelines" && aws_sns_topic_subscription.elsewhere["europe"].raw_message_delivery
    error_message = "The queue of the other region must get each message as it was published."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sqs_queue_policy.this["timelines"].policy).Statement : statement.Condition.ArnEquals["aws:SourceArn"] if statement.Effect == "Allow"
    ] == [["arn:aws:sns:us-east-1:111122223333:chirp-posts", "arn:aws:sns:eu-west-1:111122223333:chirp-posts"]]
    error_message = "Only both topics may send to the queue."
  }
}

run "rejects_a_queue_whose_function_never_ends" {
  command = plan

  variables {
    queues = { timelines = { function_timeout_s = 3600 } }
  }

  expect_failures = [var.queues]
}

run "rejects_no_queue_and_what_are_no_arns" {
  command = plan

  variables {
    name        = "chirp posts"
    queues      = {}
    bucket_arns = ["chirp-media"]
    kms_key_arn = "alias/chirp"

    queues_elsewhere     = { europe = "chirp-posts-timelines" }
    topic_arns_elsewhere = ["chirp-posts"]
  }

  expect_failures = [var.name, var.queues, var.bucket_arns, var.kms_key_arn, var.queues_elsewhere, var.topic_arns_elsewhere]
}
