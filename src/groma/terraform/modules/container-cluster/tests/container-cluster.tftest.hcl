mock_provider "aws" {}

variables {
  name = "chirp"
}

run "is_a_cluster_without_paid_metrics" {
  command = apply

  assert {
    condition     = aws_ecs_cluster.this.name == "chirp" && [for each in aws_ecs_cluster.this.setting : each.value] == ["disabled"]
    error_message = "The cluster must have its name, and no metrics that are paid for."
  }

  assert {
    condition     = output.name == "chirp" && output.arn == aws_ecs_cluster.this.arn
    error_message = "Name and ARN must be given out."
  }
}

run "publishes_more_when_asked" {
  command = apply

  variables {
    container_insights = true
  }

  assert {
    condition     = [for each in aws_ecs_cluster.this.setting : each.value] == ["enabled"]
    error_message = "Container Insights must be on when asked for."
  }
}

run "rejects_a_name_that_ecs_does_not_take" {
  command = plan

  variables {
    name = "chirp.app"
  }

  expect_failures = [var.name]
}
