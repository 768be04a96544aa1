locals {
  columns       = 3
  widget_width  = 8 # of 24
  widget_height = 6

  # The series each graph draws, in the form of the dashboard's JSON: [namespace, metric, dimension, value, …, options].
  series = {
    for name, alarm in var.alarms : name => concat(
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
    )
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for index, name in keys(var.alarms) : {
      type   = "metric"
      x      = index % local.columns * local.widget_width
      y      = floor(index / local.columns) * local.widget_height
      width  = local.widget_width
      height = local.widget_height
      properties = {
        title   = name
        region  = local.region
        view    = "timeSeries"
        metrics = local.series[name]
        annotations = {
          horizontal = [{
            label = "alarm ${var.alarms[name].comparison} ${var.alarms[name].threshold}"
            value = var.alarms[name].threshold
          }]
        }
      }
    }]
  })
}
