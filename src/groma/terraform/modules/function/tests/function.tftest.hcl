mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-fan-out-us-east-1" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/chirp-fan-out" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:111122223333:function:chirp-fan-out" }
  }
}

variables {
  name        = "chirp-fan-out"
  description = "Writes a new post into the timelines of its author's followers"
  package     = "tests/handler.zip"
  handler     = "app.handler"
  memory_mib  = 512
  timeout_s   = 30
  environment = { TABLE = "chirp" }
  statements = [
    {
      actions   = ["dynamodb:PutItem", "dynamodb:Query"]
      resources = ["arn:aws:dynamodb:us-east-1:111122223333:table/chirp"]
    },
  ]
  event_source = {
    queue_arn           = "arn:aws:sqs:us-east-1:111122223333:chirp-timelines"
    maximum_concurrency = 50
  }
}

run "runs_the_code_as_asked" {
  command = apply

  assert {
    condition = [
      aws_lambda_function.this.function_name, aws_lambda_function.this.handler, aws_lambda_function.this.runtime, one(aws_lambda_function.this.architectures)
    ] == ["chirp-fan-out", "app.handler", "python3.13", "arm64"]
    error_message = "Name, handler, runtime and processor must be as given."
  }

  assert {
    condition     = aws_lambda_function.this.memory_size == 512 && aws_lambda_function.this.timeout == 30 && aws_lambda_function.this.environment[0].variables == tomap({ TABLE = "chirp" })
    error_message = "Memory, timeout and environment must be as given."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("tests/handler.zip")
    error_message = "Code that has changed must be uploaded anew."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active" && aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "It must be traced, and its log be JSON that is kept for 30 days."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "Without a limit it must share what the account has."
  }
}

run "takes_messages_and_names_those_that_failed" {
  command = apply

  assert {
    condition     = aws_lambda_event_source_mapping.this[0].batch_size == 10 && aws_lambda_event_source_mapping.this[0].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "Messages must come in batches, of which single ones may fail."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this[0].scaling_config[0].maximum_concurrency == 50
    error_message = "The queue's calls must be limited."
  }
}

run "may_do_what_is_stated_and_nothing_else" {
  command = apply

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : join(" ", statement.Action) => one(statement.Resource) } == {
      "logs:CreateLogStream logs:PutLogEvents"                                                  = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/chirp-fan-out:*"
      "xray:PutTelemetryRecords xray:PutTraceSegments"                                          = "*"
      "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage" = "arn:aws:sqs:us-east-1:111122223333:chirp-timelines"
      "dynamodb:PutItem dynamodb:Query"                                                         = "arn:aws:dynamodb:us-east-1:111122223333:table/chirp"
    }
    error_message = "Its rights must be its log, its traces, its messages and what is stated."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Only Lambda may take the role."
  }
}

run "tells_failures_and_uses_the_key" {
  command = apply

  variables {
    event_source         = null
    statements           = []
    environment          = {}
    on_failure           = { arn = "arn:aws:sqs:us-east-1:111122223333:chirp-failed" }
    kms_key_arn          = "arn:aws:kms:us-east-1:111122223333:key/1"
    reserved_concurrency = 20
    tracing              = false
  }

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.this[0].destination_config).on_failure).destination == "arn:aws:sqs:us-east-1:111122223333:chirp-failed" && length(aws_lambda_event_source_mapping.this) == 0
    error_message = "Events that failed must go to the queue, and there must be no source of messages."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == [
      "WritesItsLog", "TellsItsFailures", "UsesTheKey"
    ]
    error_message = "It must be allowed to tell failures and to use the key, and not to trace."
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn && aws_lambda_function.this.reserved_concurrent_executions == 20
    error_message = "Environment and log must be encrypted with the key, and the limit be kept."
  }
}

run "rejects_rights_to_everything" {
  command = plan

  variables {
    statements = [{ actions = ["dynamodb:*"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "rejects_a_package_that_is_not_there" {
  command = plan

  variables {
    package = "tests/none.zip"
  }

  expect_failures = [var.package]
}

run "rejects_what_lambda_lacks" {
  command = plan

  variables {
    name                 = "chirp fan-out"
    description          = ""
    handler              = "handler"
    runtime              = "cobol85"
    architecture         = "arm"
    memory_mib           = 64
    timeout_s            = 901
    reserved_concurrency = -1
    environment          = { AWS_LAMBDA_X = "1" }
    on_failure           = { arn = "chirp-failed" }
    kms_key_arn          = "alias/chirp"
    log_retention_days   = 42
  }

  expect_failures = [
    var.name, var.description, var.handler, var.runtime, var.architecture, var.memory_mib, var.timeout_s, var.reserved_concurrency,
    var.environment, var.on_failure, var.kms_key_arn, var.log_retention_days,
  ]
}

run "rejects_a_batch_that_nothing_waits_for" {
  command = plan

  variables {
    event_source = { queue_arn = "arn:aws:sqs:us-east-1:111122223333:chirp-timelines", batch_size = 100 }
  }

  expect_failures = [var.event_source]
}
