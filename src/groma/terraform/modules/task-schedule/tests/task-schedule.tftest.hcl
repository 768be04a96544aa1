mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/shop-schedule-us-east-1" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:111122223333:shop-failed-runs" }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:111122223333:rule/shop-failed-runs" }
  }

  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:us-east-1:111122223333:schedule-group/shop-nightly" }
  }
}

variables {
  name = "shop"
  schedules = {
    nightly = {
      expression          = "cron(0 3 * * ? *)"
      task_definition_arn = "arn:aws:ecs:us-east-1:111122223333:task-definition/shop-app-run-nightly:3"
      description         = "Runs nightly of shop"
    }
  }
  cluster_arn        = "arn:aws:ecs:us-east-1:111122223333:cluster/shop"
  subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  role_arns          = ["arn:aws:iam::111122223333:role/shop-app", "arn:aws:iam::111122223333:role/shop-app-execution"]
}

run "starts_a_task_in_private_subnets_at_its_time" {
  command = apply

  assert {
    condition = (
      aws_scheduler_schedule.this["nightly"].schedule_expression == "cron(0 3 * * ? *)" &&
      aws_scheduler_schedule.this["nightly"].schedule_expression_timezone == "UTC" &&
      aws_scheduler_schedule.this["nightly"].group_name == "shop-nightly" &&
      aws_scheduler_schedule.this["nightly"].flexible_time_window[0].mode == "OFF"
    )
    error_message = "It must be started at its time, in a group of its own."
  }

  assert {
    condition = (
      aws_scheduler_schedule.this["nightly"].target[0].arn == var.cluster_arn &&
      aws_scheduler_schedule.this["nightly"].target[0].ecs_parameters[0].task_definition_arn == var.schedules.nightly.task_definition_arn &&
      aws_scheduler_schedule.this["nightly"].target[0].ecs_parameters[0].launch_type == "FARGATE" &&
      aws_scheduler_schedule.this["nightly"].target[0].ecs_parameters[0].network_configuration[0].assign_public_ip == false &&
      aws_scheduler_schedule.this["nightly"].target[0].ecs_parameters[0].network_configuration[0].subnets == toset(var.subnet_ids)
    )
    error_message = "One task of this definition must run on Fargate, in these subnets and without a public address."
  }

  assert {
    condition = (
      aws_scheduler_schedule.this["nightly"].target[0].retry_policy[0].maximum_retry_attempts == 10 &&
      aws_scheduler_schedule.this["nightly"].target[0].dead_letter_config[0].arn == aws_sqs_queue.failed.arn
    )
    error_message = "What cannot be started must be tried again, and then be told."
  }
}

run "may_run_these_tasks_and_nothing_else" {
  command = apply

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : [statement.Action, statement.Resource]]) == jsonencode([
      ["ecs:RunTask", ["arn:aws:ecs:us-east-1:111122223333:task-definition/shop-app-run-nightly:*"]],
      ["iam:PassRole", var.role_arns],
      ["ecs:TagResource", "arn:aws:ecs:us-east-1:111122223333:task/shop/*"],
      ["sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:shop-failed-runs"],
    ])
    error_message = "It may run tasks of this family, hand on their two roles, tag what it starts, and write to the queue."
  }

  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition if can(statement.Condition)]) == jsonencode([
      { ArnEquals = { "ecs:cluster" = var.cluster_arn } },
      { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } },
      { StringEquals = { "ecs:CreateAction" = "RunTask" } },
    ])
    error_message = "Each of these must be held to this cluster, to tasks of ECS, and to what it starts."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == ["arn:aws:scheduler:us-east-1:111122223333:schedule-group/shop-nightly"]
    error_message = "Schedules of these groups alone may take the role."
  }
}

run "tells_of_tasks_that_fail" {
  command = apply

  assert {
    condition = jsonencode(jsondecode(aws_cloudwatch_event_rule.failed.event_pattern).detail) == jsonencode({
      clusterArn = [var.cluster_arn]
      group      = ["family:shop-app-run-nightly"]
      lastStatus = ["STOPPED"]
      "$or"      = [{ containers = { exitCode = [{ anything-but = [0] }] } }, { stopCode = ["TaskFailedToStart"] }]
    })
    error_message = "Tasks of these families that ended with an error, or never began, must be found."
  }

  assert {
    condition     = aws_cloudwatch_event_target.failed.arn == aws_sqs_queue.failed.arn && jsondecode(aws_sqs_queue_policy.failed.policy).Statement[1].Condition.ArnEquals["aws:SourceArn"] == aws_cloudwatch_event_rule.failed.arn
    error_message = "They must go to the queue, which lets this rule write alone."
  }
}

run "rejects_what_eventbridge_lacks" {
  command = plan

  variables {
    name               = "shop of acme"
    schedules          = { nightly = { expression = "daily", task_definition_arn = "shop", description = "" } }
    cluster_arn        = "shop"
    subnet_ids         = []
    security_group_ids = []
    role_arns          = ["shop"]
  }

  expect_failures = [var.name, var.schedules, var.cluster_arn, var.subnet_ids, var.security_group_ids, var.role_arns]
}
