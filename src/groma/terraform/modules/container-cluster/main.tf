resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65: Container Insights is paid by the metric and by the task; CPU, memory and the number of running tasks of each service are published by the minute without it.
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.container_insights ? "enabled" : "disabled"
  }

  tags = { Name = var.name }
}
