locals {
  columns       = 4
  widget_width  = 6 # of 24
  widget_height = 5
  status_height = 4

  # What is drawn, with the region whose metrics it watches.
  drawn = merge(
    { for name, alarm in var.alarms : name => merge(alarm, { region = local.region }) },
    [for region, alarms in var.elsewhere : { for name, alarm in alarms : name => merge(alarm, { region = region }) }]...
  )

  # Sections that name no alarm that is here are left out; alarms that no section names come last.
  named = flatten([for section in var.sections : section.alarms])
  sections = [for section in concat(var.sections, [{ title = "Alarms", alarms = sort(setsubtract(keys(local.drawn), local.named)) }]) : {
    title  = section.title
    alarms = [for name in section.alarms : name if contains(keys(local.drawn), name)]
  } if length(setintersection(keys(local.drawn), section.alarms)) > 0]

  # How far down each section begins: below the states of the pages, and below those before it.
  heights = [for section in local.sections : 1 + ceil(length(section.alarms) / local.columns) * local.widget_height]
  tops    = [for index in range(length(local.sections) + 1) : local.status_height + sum(concat([0], slice(local.heights, 0, index)))]

  # Thresholds as the axis of a graph has them: 1.37G of bytes.
  thresholds = { for name, alarm in local.drawn : name =>
    abs(alarm.threshold) >= 1000000000 ? format("%.3gG", alarm.threshold / 1000000000) :
    abs(alarm.threshold) >= 1000000 ? format("%.3gM", alarm.threshold / 1000000) :
    abs(alarm.threshold) >= 10000 ? format("%.3gk", alarm.threshold / 1000) : tostring(alarm.threshold)
  }

  colours = { page = "#d13212", ticket = "#ff9900", none = "#7f7f7f" }

  # The series each graph draws, in the form of the dashboard's JSON: [namespace, metric, dimension, value, …, options].
  # Beside how many took too long it draws how long the slowest of a hundred took.
  series = {
    for name, alarm in local.drawn : name => concat(
      alarm.expression == null ? [] : [[{ id = "result", label = alarm.expression.label, expression = alarm.expression.expression }]],
      alarm.expression == null ? [concat(
        [alarm.namespace, alarm.metric],
        flatten([for key, value in alarm.dimensions : [key, value]]),
        [{ stat = alarm.statistic, period = alarm.period_seconds }],
      )] : [],
      [for id, metric in try(alarm.expression.metrics, {}) : concat(
        [metric.namespace, metric.metric],
        flatten([for key, value in metric.dimensions : [key, value]]),
        [{ id = id, stat = metric.statistic, period = metric.period_seconds, visible = false }],
      )],
      [for metric in values(try(alarm.expression.metrics, {})) : concat(
        [metric.namespace, metric.metric],
        flatten([for key, value in metric.dimensions : [key, value]]),
        [{ label = "p99", stat = "p99", period = metric.period_seconds, yAxis = "right" }],
      ) if startswith(metric.statistic, "TC(")],
    )
  }

  # What pages, composite alarms first: whether anybody is hurt now.
  pages = concat(
    [for name, alarm in var.composites : local.composites[name].arn if alarm.severity == "page"],
    [for name, alarm in var.alarms : aws_cloudwatch_metric_alarm.this[name].arn if alarm.severity == "page" || alarm.gap_severity == "page"],
    flatten([for region, alarms in var.elsewhere : [
      for name, alarm in alarms : "arn:${local.partition}:cloudwatch:${region}:${local.account_id}:alarm:${var.name}-${name}"
      if alarm.severity == "page" || alarm.gap_severity == "page"
    ]]),
  )
  states = { title = "Pages: is anybody hurt?", alarms = local.pages }

  headers = [for index, section in local.sections : {
    type       = "text"
    x          = 0
    y          = local.tops[index]
    width      = 24
    height     = 1
    properties = { markdown = "## ${section.title}", background = "transparent" }
  }]

  graphs = flatten([for index, section in local.sections : [for place, name in section.alarms : {
    type   = "metric"
    x      = place % local.columns * local.widget_width
    y      = local.tops[index] + 1 + floor(place / local.columns) * local.widget_height
    width  = local.widget_width
    height = local.widget_height
    properties = {
      title   = name
      region  = local.drawn[name].region
      view    = "timeSeries"
      metrics = local.series[name]
      annotations = {
        horizontal = [{
          label = "${local.drawn[name].severity == "none" ? "alarm" : local.drawn[name].severity} ${local.drawn[name].comparison} ${local.thresholds[name]}"
          value = local.drawn[name].threshold
          color = local.colours[local.drawn[name].severity]
          fill  = local.drawn[name].threshold == 0 ? "none" : startswith(local.drawn[name].comparison, ">") ? "above" : "below"
        }]
      }
    }
  }]])

  # Charges stand in the last section where that is about money, and else below a heading of their own.
  charges_are_headed = reverse(concat([""], local.sections[*].title))[0] == "Money"
  charges_top        = local.tops[length(local.sections)] + (local.charges_are_headed ? 0 : 1)
  charges_header = var.budget_usd == null || local.charges_are_headed ? [] : [{
    type       = "text"
    x          = 0
    y          = local.tops[length(local.sections)]
    width      = 24
    height     = 1
    properties = { markdown = "## Money", background = "transparent" }
  }]

  # AWS adds up charges in us-east-1 alone, and only where the account sends them to CloudWatch.
  charges = var.budget_usd == null ? [] : [{
    type   = "metric"
    x      = 0
    y      = local.charges_top
    width  = 24
    height = local.widget_height
    properties = {
      title   = "charges of the account this month, USD"
      region  = "us-east-1"
      view    = "timeSeries"
      metrics = [["AWS/Billing", "EstimatedCharges", "Currency", "USD", { stat = "Maximum", period = 21600 }]]
      annotations = {
        horizontal = [{ label = "budget ${var.budget_usd}", value = var.budget_usd, color = local.colours["ticket"], fill = "above" }]
      }
    }
  }]
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [{ type = "alarm", x = 0, y = 0, width = 24, height = local.status_height, properties = local.states }],
      local.headers,
      local.graphs,
      local.charges_header,
      local.charges,
    )
  })
}
