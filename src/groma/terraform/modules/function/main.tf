data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_117: it talks to services of AWS alone, by their public and signed interfaces; a VPC would add an interface endpoint for each to pay for.
  #checkov:skip=CKV_AWS_116: on_failure, once it is given, gets what failed with the reason, by an invocation destination, which the check does not know; messages of a queue go to that queue's own dead-letter queue.
  #checkov:skip=CKV_AWS_272: the package is made and uploaded in one step by whoever applies this; signing would prove that step to itself.
  #checkov:skip=CKV_AWS_115: reserved_concurrency sets a limit where one is needed; the check does not read variables.
  function_name = var.name
  description   = var.description
  role          = aws_iam_role.this.arn
  package_type  = "Zip"

  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  handler          = var.handler
  runtime          = var.runtime
  architectures    = [var.architecture]

  memory_size                    = var.memory_mib
  timeout                        = var.timeout_s
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)
  kms_key_arn                    = var.kms_key_arn

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  tags = { Name = var.name }

  # Without its rights a function that is called at once fails.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338: log_retention_days says how long; what a function did is needed for weeks.
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = var.name }
}

# What becomes of an event that nobody waits for (from a bucket, a topic, a schedule) when the function fails.
resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.on_failure == null ? 0 : 1

  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination = var.on_failure.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "this" {
  count = var.event_source == null ? 0 : 1

  function_name                      = aws_lambda_function.this.arn
  event_source_arn                   = var.event_source.queue_arn
  batch_size                         = var.event_source.batch_size
  maximum_batching_window_in_seconds = var.event_source.window_s
  function_response_types            = ["ReportBatchItemFailures"]

  dynamic "scaling_config" {
    for_each = var.event_source.maximum_concurrency[*]

    content {
      maximum_concurrency = scaling_config.value
    }
  }

  tags = { Name = var.name }
}
