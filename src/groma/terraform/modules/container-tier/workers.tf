# What works off queues beside the application: of the same image, with the same settings, rights and ways. Each is a
# service of its own with a fixed number of tasks, and nobody asks it anything.

resource "aws_cloudwatch_log_group" "worker" {
  #checkov:skip=CKV_AWS_338: what an application prints is looked for within weeks; log_retention_days keeps it longer where rules ask for it.
  for_each = var.workers

  name              = "/ecs/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_ecs_task_definition" "worker" {
  #checkov:skip=CKV_AWS_336: of an image that is not known here it is not known where it writes; a task's disk goes with it.
  for_each = var.workers

  family                   = "${var.name}-${each.key}"
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
    merge(one, { logConfiguration = { logDriver = "awslogs", options = merge(local.log, { awslogs-group = aws_cloudwatch_log_group.worker[each.key].name, awslogs-stream-prefix = one.name }) } })
  ])

  dynamic "volume" {
    for_each = var.migration[*]

    content {
      name = "once"
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_ecs_service" "worker" {
  for_each = var.workers

  name            = "${var.name}-${each.key}"
  cluster         = var.tasks.cluster_arn
  task_definition = aws_ecs_task_definition.worker[each.key].arn
  launch_type     = "FARGATE"
  desired_count   = each.value.count

  availability_zone_rebalancing = "ENABLED"
  enable_ecs_managed_tags       = true
  propagate_tags                = "SERVICE"

  # As with the application: new tasks run before old ones go, and a release that does not start is taken back.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.tasks.subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.named,
    aws_iam_role_policy.task,
    aws_vpc_security_group_egress_rule.tasks_https,
  ]
}
