# What is run at times beside the application: task definitions of the same image, with the same settings, rights and
# log driver. Nothing here starts them; a schedule does, in the same subnets and security group.

resource "aws_cloudwatch_log_group" "run" {
  #checkov:skip=CKV_AWS_338: what an application prints is looked for within weeks; log_retention_days keeps it longer where rules ask for it.
  for_each = var.runs

  name              = "/ecs/${var.name}-run-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = "${var.name}-run-${each.key}" }
}

resource "aws_ecs_task_definition" "run" {
  #checkov:skip=CKV_AWS_336: of an image that is not known here it is not known where it writes; a task's disk goes with it.
  for_each = var.runs

  family                   = "${var.name}-run-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory_mib
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.tasks.architecture)
  }

  container_definitions = jsonencode([
    for one in concat(
      [merge(
        local.container,
        local.after_migration,
        {
          command     = each.value.command
          environment = [for name, value in merge(var.container.environment, each.value.environment) : { name = name, value = value }]
        },
      )],
      local.before,
      local.agent,
    ) :
    merge(one, { logConfiguration = { logDriver = "awslogs", options = merge(local.log, { awslogs-group = aws_cloudwatch_log_group.run[each.key].name, awslogs-stream-prefix = one.name }) } })
  ])

  dynamic "volume" {
    for_each = var.migration[*]

    content {
      name = "once"
    }
  }

  tags = { Name = "${var.name}-run-${each.key}" }
}
