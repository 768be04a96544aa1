mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-housekeeping-schedule-us-east-1" }
  }
}

variables {
  name         = "chirp-housekeeping"
  description  = "Removes uploads that no post uses"
  expression   = "rate(1 hour)"
  function_arn = "arn:aws:lambda:us-east-1:111122223333:function:chirp-housekeeping"
}

run "calls_the_function_and_may_do_nothing_else" {
  command = apply

  assert {
    condition     = aws_scheduler_schedule.this.schedule_expression == "rate(1 hour)" && aws_scheduler_schedule.this.flexible_time_window[0].maximum_window_in_minutes == 15
    error_message = "It must be called every hour, within a quarter of an hour."
  }

  assert {
    condition     = aws_scheduler_schedule.this.target[0].arn == var.function_arn && aws_scheduler_schedule.this.target[0].retry_policy[0].maximum_retry_attempts == 3
    error_message = "The function must be called, and again when that fails."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "arn:aws:lambda:us-east-1:111122223333:function:chirp-housekeeping" }
    ]
    error_message = "It may call this function alone."
  }
}

run "keeps_calls_that_could_not_be_made" {
  command = apply

  variables {
    dead_letter_arn = "arn:aws:sqs:us-east-1:111122223333:chirp-failed"
    window_minutes  = 0
    input           = { job = "uploads" }
  }

  assert {
    condition     = aws_scheduler_schedule.this.target[0].dead_letter_config[0].arn == var.dead_letter_arn && length(jsondecode(aws_iam_role_policy.this.policy).Statement) == 2
    error_message = "Calls that could not be made must go to the queue, which must be allowed."
  }

  assert {
    condition     = aws_scheduler_schedule.this.flexible_time_window[0].mode == "OFF" && jsondecode(aws_scheduler_schedule.this.target[0].input) == { job = "uploads" }
    error_message = "It must be called at once, with the input."
  }
}

run "rejects_what_eventbridge_lacks" {
  command = plan

  variables {
    name            = "chirp housekeeping"
    description     = ""
    expression      = "every hour"
    window_minutes  = 2000
    function_arn    = "chirp-housekeeping"
    dead_letter_arn = "chirp-failed"
  }

  expect_failures = [var.name, var.description, var.expression, var.window_minutes, var.function_arn, var.dead_letter_arn]
}

run "rejects_an_input_that_is_too_long" {
  command = plan

  variables {
    input = { text = join("", [for _ in range(300) : format("%01024d", 0)]) }
  }

  expect_failures = [var.input]
}
