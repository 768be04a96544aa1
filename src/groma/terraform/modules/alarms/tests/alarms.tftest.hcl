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

  override_resource {
    target = aws_sns_topic.this
    values = { arn = "arn:aws:sns:us-east-1:111122223333:chirp-alarms" }
  }

  override_resource {
    target = aws_sns_topic.tickets
    values = { arn = "arn:aws:sns:us-east-1:111122223333:chirp-tickets" }
  }
}

variables {
  name        = "chirp"
  email       = "ops@example.com"
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
  alarms = {
    web-cpu = {
      description         = "The web servers are busier than the group can make up for."
      namespace           = "AWS/EC2"
      metric              = "CPUUtilization"
      statistic           = "Average"
      period_seconds      = 300
      dimensions          = { AutoScalingGroupName = "chirp-web" }
      comparison          = ">"
      threshold           = 80
      evaluation_periods  = 3
      datapoints_to_alarm = 3
    }
    web-errors = {
      description = "More than one request in a hundred fails."
      expression = {
        label      = "failed requests, %"
        expression = "IF(requests > 0, 100 * errors / requests, 0)"
        metrics = {
          errors = {
            namespace  = "AWS/ApplicationELB"
            metric     = "HTTPCode_Target_5XX_Count"
            statistic  = "Sum"
            dimensions = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" }
          }
          requests = {
            namespace  = "AWS/ApplicationELB"
            metric     = "RequestCount"
            statistic  = "Sum"
            dimensions = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" }
          }
        }
      }
      comparison          = ">="
      threshold           = 1
      evaluation_periods  = 5
      datapoints_to_alarm = 3
      missing_data        = "notBreaching"
      severity            = "ticket"
      gap_severity        = "page"
    }
    web-errors-1h = {
      description         = "More than one request in a hundred fails, over an hour."
      namespace           = "AWS/ApplicationELB"
      metric              = "HTTPCode_Target_5XX_Count"
      statistic           = "Sum"
      period_seconds      = 3600
      dimensions          = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" }
      comparison          = ">"
      threshold           = 100
      evaluation_periods  = 1
      datapoints_to_alarm = 1
      severity            = "none"
    }
    web-latency = {
      description         = "One request in a hundred takes longer than the objective."
      namespace           = "AWS/ApplicationELB"
      metric              = "TargetResponseTime"
      statistic           = "p99"
      dimensions          = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" }
      comparison          = ">"
      threshold           = 0.4
      evaluation_periods  = 5
      datapoints_to_alarm = 3
    }
  }
  composites = {
    web-errors-fast = {
      description = "Many requests fail, now and for an hour."
      all_of      = ["web-errors", "web-errors-1h"]
      ok_mail     = true
    }
    web-errors-slow = {
      description = "Requests fail for an hour."
      all_of      = ["web-errors-1h"]
      severity    = "ticket"
      suppressor  = { alarm = "web-errors", wait_seconds = 120, extension_seconds = 600 }
    }
    busy = {
      description = "Some tier is busy."
      any_of      = ["web-cpu", "web-latency"]
      severity    = "ticket"
      suppressor  = { alarm = "web-errors-fast", wait_seconds = 120, extension_seconds = 300 }
    }
  }
  budget_usd         = 10000
  budget_usd_per_day = 1000
}

run "watches_a_metric" {
  command = apply

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["web-cpu"].alarm_name == "chirp-web-cpu" &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].namespace == "AWS/EC2" &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].metric_name == "CPUUtilization" &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].statistic == "Average" &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].period == 300 &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].dimensions == tomap({ AutoScalingGroupName = "chirp-web" })
    )
    error_message = "The alarm must watch the metric asked for."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["web-cpu"].comparison_operator == "GreaterThanThreshold" &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].threshold == 80 &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].evaluation_periods == 3 &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].datapoints_to_alarm == 3 &&
      aws_cloudwatch_metric_alarm.this["web-cpu"].treat_missing_data == "missing"
    )
    error_message = "The alarm must compare as asked for."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["web-latency"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.this["web-latency"].statistic == null
    error_message = "A percentile must be an extended statistic."
  }
}

run "watches_an_expression" {
  command = apply

  assert {
    condition = [
      for query in aws_cloudwatch_metric_alarm.this["web-errors"].metric_query : query.expression if query.return_data
    ] == ["IF(requests > 0, 100 * errors / requests, 0)"]
    error_message = "Only the expression's result may be compared."
  }

  assert {
    condition = {
      for query in aws_cloudwatch_metric_alarm.this["web-errors"].metric_query : query.id => query.metric[0].metric_name if !query.return_data
      } == {
      errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount"
    }
    error_message = "The expression must be over its metrics."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["web-errors"].metric_name == null && aws_cloudwatch_metric_alarm.this["web-errors"].treat_missing_data == "notBreaching"
    error_message = "An expression's alarm must watch no metric of its own."
  }
}

run "tells_by_severity" {
  command = apply

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["web-cpu"].alarm_actions == toset([aws_sns_topic.this.arn]) &&
      aws_cloudwatch_metric_alarm.this["web-errors"].alarm_actions == toset([aws_sns_topic.tickets.arn]) &&
      length(aws_cloudwatch_metric_alarm.this["web-errors-1h"].alarm_actions) == 0
    )
    error_message = "A page must reach one topic, a ticket the other, and what only a composite alarm reads none."
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      coalesce(alarm.insufficient_data_actions, []) == (name == "web-errors" ? toset([aws_sns_topic.this.arn]) : toset([])) &&
      length(coalesce(alarm.ok_actions, [])) == 0
    ])
    error_message = "Gaps must be told where they are to be, and no end: a newborn stack mails nothing."
  }

  assert {
    condition = alltrue([
      for each in [aws_sns_topic_subscription.email[0], aws_sns_topic_subscription.tickets[0]] : each.protocol == "email" && each.endpoint == "ops@example.com"
    ]) && aws_sns_topic_subscription.email[0].topic_arn != aws_sns_topic_subscription.tickets[0].topic_arn && alltrue([for topic in [aws_sns_topic.this, aws_sns_topic.tickets] : topic.kms_master_key_id == var.kms_key_arn])
    error_message = "The address must be subscribed to both encrypted topics."
  }

  assert {
    condition = alltrue([for policy in [aws_sns_topic_policy.this.policy, aws_sns_topic_policy.tickets.policy] : toset([
      for statement in jsondecode(policy).Statement : statement.Principal.Service
      if try(statement.Effect == "Allow" && statement.Condition.StringEquals["aws:SourceAccount"] == "111122223333", false)
    ]) == toset(["cloudwatch.amazonaws.com", "budgets.amazonaws.com"])])
    error_message = "Only alarms and budgets of this account may publish."
  }
}

run "composes_alarms" {
  command = apply

  assert {
    condition     = aws_cloudwatch_composite_alarm.this["web-errors-fast"].alarm_rule == "ALARM(\"chirp-web-errors\") AND ALARM(\"chirp-web-errors-1h\")"
    error_message = "A composite alarm must be on while all of its alarms are."
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.held["busy"].alarm_rule == "ALARM(\"chirp-web-cpu\") OR ALARM(\"chirp-web-latency\")"
    error_message = "Or while any of them is."
  }

  assert {
    condition = (
      aws_cloudwatch_composite_alarm.this["web-errors-fast"].alarm_actions == toset([aws_sns_topic.this.arn]) &&
      aws_cloudwatch_composite_alarm.this["web-errors-fast"].ok_actions == toset([aws_sns_topic.this.arn])
    )
    error_message = "A composite alarm must page, and say when it is over."
  }
}

run "leaves_to_another_what_that_tells" {
  command = apply

  assert {
    condition = [
      for each in aws_cloudwatch_composite_alarm.this["web-errors-slow"].actions_suppressor : [each.alarm, each.wait_period, each.extension_period]
    ] == [["chirp-web-errors", 120, 600]] && length(aws_cloudwatch_composite_alarm.this["web-errors-fast"].actions_suppressor) == 0
    error_message = "A composite alarm must be quiet while its suppressor is on, and only with one."
  }

  assert {
    condition = [
      for each in aws_cloudwatch_composite_alarm.held["busy"].actions_suppressor : [each.alarm, each.wait_period, each.extension_period]
    ] == [["chirp-web-errors-fast", 120, 300]]
    error_message = "It may be kept quiet by a composite alarm as well."
  }
}

run "rejects_a_suppressor_that_is_no_alarm" {
  command = plan

  variables {
    composites = { slow = { description = "d", all_of = ["web-errors"], suppressor = { alarm = "web-nothing", wait_seconds = 60, extension_seconds = 60 } } }
  }

  expect_failures = [var.composites]
}

run "draws_what_is_watched_elsewhere" {
  command = apply

  variables {
    elsewhere = {
      eu-west-1 = {
        cdn-errors = { namespace = "AWS/CloudFront", metric = "5xxErrorRate", statistic = "Average", dimensions = { DistributionId = "E1", Region = "Global" }, comparison = ">", threshold = 2 }
      }
    }
    sections = [{ title = "Users", alarms = ["cdn-errors"] }]
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.properties.title, widget.properties.region]
      if widget.type == "metric" && try(widget.properties.region != "us-east-1", false)
    ] == [["cdn-errors", "eu-west-1"]]
    error_message = "What is watched in another region must be drawn from there."
  }

  assert {
    condition     = contains(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[0].properties.alarms, "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:chirp-cdn-errors")
    error_message = "A page of another region must be among the pages."
  }
}

run "rejects_an_alarm_of_two_regions" {
  command = plan

  variables {
    elsewhere = { eu-west-1 = { web-cpu = { namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", comparison = ">", threshold = 2 } } }
  }

  expect_failures = [var.elsewhere]
}

run "rejects_a_composite_of_what_is_no_alarm" {
  command = plan

  variables {
    composites = { fast = { description = "d", all_of = ["web-nothing"] } }
  }

  expect_failures = [var.composites]
}

run "rejects_two_composite_alarms_that_keep_each_other_quiet" {
  command = plan

  variables {
    composites = {
      one   = { description = "d", all_of = ["web-cpu"], suppressor = { alarm = "other", wait_seconds = 60, extension_seconds = 60 } }
      other = { description = "d", all_of = ["web-cpu"], suppressor = { alarm = "one", wait_seconds = 60, extension_seconds = 60 } }
    }
  }

  expect_failures = [var.composites]
}

run "rejects_a_composite_alarm_of_all_and_of_any" {
  command = plan

  variables {
    composites = { busy = { description = "d", all_of = ["web-cpu"], any_of = ["web-latency"] } }
  }

  expect_failures = [var.composites]
}

run "rejects_a_severity_that_is_none" {
  command = plan

  variables {
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3, severity = "loud" } }
    composites = {}
  }

  expect_failures = [var.alarms]
}

run "draws_each_alarm" {
  command = apply

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.title if widget.type != "text"] == ["Pages: is anybody hurt?", "web-cpu", "web-errors", "web-errors-1h", "web-latency", "charges of the account this month, USD"]
    error_message = "There must be the states of the pages, a graph for each alarm, and what the account is charged."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.annotations.horizontal[0].value if widget.type == "metric"] == [80, 1, 100, 0.4, 10000]
    error_message = "Each graph must show its threshold, and the charges the budget."
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.properties.annotations.horizontal[0].label, widget.properties.annotations.horizontal[0].fill] if widget.type == "metric"] == [
      ["page > 80", "above"], ["ticket >= 1", "above"], ["alarm > 100", "above"], ["page > 0.4", "above"], ["budget 10000", "above"]
    ]
    error_message = "A threshold must say as what it is told, and on which side of it."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics == [
      ["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", "chirp-web", { stat = "Average", period = 300 }]
    ]
    error_message = "A graph must draw the metric of its alarm."
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[3].properties.metrics[0][0].expression == "IF(requests > 0, 100 * errors / requests, 0)" &&
      !jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[3].properties.metrics[1][4].visible
    )
    error_message = "A graph must draw the expression of its alarm, and not the metrics within."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.x, widget.y]] == [[0, 0], [0, 4], [0, 5], [6, 5], [12, 5], [18, 5], [0, 10], [0, 11]]
    error_message = "Graphs must stand side by side, below the states of the pages."
  }
}

run "draws_how_long_requests_take_beside_how_many_take_too_long" {
  command = apply

  variables {
    alarms = {
      slow = {
        description = "More than one request in a hundred is slow."
        expression = {
          label      = "slow requests, %"
          expression = "100 * slow / requests"
          metrics = {
            requests = { namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "SampleCount", dimensions = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" } }
            slow     = { namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "TC(0.3:)", dimensions = { LoadBalancer = "app/chirp-web/50dc6c495c0c9188" } }
          }
        }
        comparison          = ">"
        threshold           = 1
        evaluation_periods  = 3
        datapoints_to_alarm = 3
      }
    }
    composites = {}
  }

  assert {
    condition = slice(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics, 1, 4) == [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", "app/chirp-web/50dc6c495c0c9188", { id = "requests", stat = "SampleCount", period = 60, visible = false }],
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", "app/chirp-web/50dc6c495c0c9188", { id = "slow", stat = "TC(0.3:)", period = 60, visible = false }],
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", "app/chirp-web/50dc6c495c0c9188", { label = "p99", stat = "p99", period = 60, yAxis = "right" }],
    ]
    error_message = "Beside the share of slow requests a graph must draw the time that one of a hundred takes longer than."
  }
}

run "draws_sections_from_top_to_bottom" {
  command = apply

  variables {
    sections = [
      { title = "Users", alarms = ["web-latency", "gone", "web-errors"] },
      { title = "Data", alarms = ["gone-too"] },
    ]
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.x, widget.y, try(widget.properties.title, widget.properties.markdown)] if widget.type != "alarm"] == [
      [0, 4, "## Users"],
      [0, 10, "## Alarms"],
      [0, 5, "web-latency"],
      [6, 5, "web-errors"],
      [0, 11, "web-cpu"],
      [6, 11, "web-errors-1h"],
      [0, 16, "## Money"],
      [0, 17, "charges of the account this month, USD"],
    ]
    error_message = "Sections must stand below each other, without what is not there, and what no section names last."
  }
}

run "draws_charges_below_what_is_about_money" {
  command = apply

  variables {
    sections = [
      { title = "Users", alarms = ["web-latency", "web-errors", "web-errors-1h"] },
      { title = "Money", alarms = ["web-cpu"] },
    ]
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.y, try(widget.properties.title, widget.properties.markdown)] if widget.y > 9] == [
      [10, "## Money"],
      [11, "web-cpu"],
      [16, "charges of the account this month, USD"],
    ]
    error_message = "Charges must stand in the section that is about money."
  }
}

run "draws_thresholds_that_can_be_read" {
  command = apply

  variables {
    composites = {}
    alarms = {
      drops  = { description = "d", namespace = "AWS/NATGateway", metric = "ErrorPortAllocation", statistic = "Sum", comparison = ">", threshold = 0, evaluation_periods = 3, datapoints_to_alarm = 3 }
      lag    = { description = "d", namespace = "AWS/DynamoDB", metric = "ReplicationLatency", statistic = "Average", comparison = ">", threshold = 180000, evaluation_periods = 3, datapoints_to_alarm = 3 }
      memory = { description = "d", namespace = "AWS/RDS", metric = "FreeableMemory", statistic = "Minimum", comparison = "<", threshold = 1374389534, evaluation_periods = 3, datapoints_to_alarm = 3 }
    }
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [widget.properties.annotations.horizontal[0].label, widget.properties.annotations.horizontal[0].fill] if widget.type == "metric"] == [
      ["page > 0", "none"], ["page > 180k", "above"], ["page < 1.37G", "below"], ["budget 10000", "above"]
    ]
    error_message = "Large thresholds must be short, and a graph with a threshold of 0 must not be coloured all over."
  }
}

run "guards_the_budget" {
  command = apply

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "10000.00" && aws_budgets_budget.this[0].time_unit == "MONTHLY"
    error_message = "The budget must be monthly, of the sum asked for."
  }

  assert {
    condition = (
      aws_budgets_budget.daily[0].limit_amount == "1000.00" && aws_budgets_budget.daily[0].time_unit == "DAILY" &&
      [for notification in aws_budgets_budget.daily[0].notification : notification.notification_type] == ["ACTUAL"] &&
      [for notification in aws_budgets_budget.daily[0].notification : notification.subscriber_sns_topic_arns] == [toset([aws_sns_topic.tickets.arn])]
    )
    error_message = "A day that costs too much must reach the topic of tickets; AWS forecasts no day."
  }

  assert {
    condition = toset([
      for notification in aws_budgets_budget.this[0].notification : notification.notification_type
      if notification.threshold == 100 && notification.subscriber_sns_topic_arns == toset([aws_sns_topic.tickets.arn])
    ]) == toset(["ACTUAL", "FORECASTED"])
    error_message = "Both the costs and their forecast must reach the topic of tickets at 100 %."
  }

  assert {
    condition     = output.alarm_names == tolist(["chirp-busy", "chirp-web-cpu", "chirp-web-errors", "chirp-web-errors-1h", "chirp-web-errors-fast", "chirp-web-errors-slow", "chirp-web-latency"]) && output.dashboard_name == "chirp" && output.budget_name == "chirp-monthly"
    error_message = "Alarms, dashboard and budget must be given out."
  }
}

run "does_without_budget_and_dashboard" {
  command = apply

  variables {
    budget_usd         = null
    budget_usd_per_day = null
    dashboard          = false
  }

  assert {
    condition     = length(aws_budgets_budget.daily) == 0 && output.budget_name == null && output.dashboard_name == null && length(output.alarm_names) == 7
    error_message = "Budget and dashboard must be left out when not asked for."
  }
}

run "does_without_an_address" {
  command = apply

  variables {
    email = null
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0 && length(output.alarm_names) == 7
    error_message = "Without an address there must be no subscription, but the alarms all the same."
  }

  assert {
    condition     = alltrue([for notification in aws_budgets_budget.this[0].notification : length(coalesce(notification.subscriber_email_addresses, [])) == 0])
    error_message = "The budget must write to no address."
  }
}

run "rejects_a_comparison_that_is_none" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", comparison = "==", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3 } }
  }

  expect_failures = [var.alarms]
}

run "rejects_a_statistic_that_is_none" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Mean", comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3 } }
  }

  expect_failures = [var.alarms]
}

run "rejects_more_datapoints_than_periods" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 4 } }
  }

  expect_failures = [var.alarms]
}

run "rejects_an_alarm_that_watches_nothing" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3 } }
  }

  expect_failures = [var.alarms]
}

run "rejects_an_unknown_way_with_missing_data" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3, missing_data = "ok" } }
  }

  expect_failures = [var.alarms]
}

run "rejects_a_period_that_cloudwatch_lacks" {
  command = plan

  variables {
    composites = {}
    alarms     = { cpu = { description = "d", namespace = "AWS/EC2", metric = "CPUUtilization", statistic = "Average", period_seconds = 45, comparison = ">", threshold = 80, evaluation_periods = 3, datapoints_to_alarm = 3 } }
  }

  expect_failures = [var.alarms]
}

run "rejects_an_address_that_is_none" {
  command = plan

  variables {
    email = "ops"
  }

  expect_failures = [var.email]
}

run "rejects_a_budget_of_nothing" {
  command = plan

  variables {
    budget_usd = 0
  }

  expect_failures = [var.budget_usd]
}

run "rejects_a_day_of_nothing" {
  command = plan

  variables {
    budget_usd_per_day = 0
  }

  expect_failures = [var.budget_usd_per_day]
}
