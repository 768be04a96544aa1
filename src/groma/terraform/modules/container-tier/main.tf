data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  protocol  = var.load_balancer.certificate_arn == null ? "HTTP" : "HTTPS"

  # Asked of the name, which is no secret: nothing may be counted by what is one.
  asks_for_header = try(var.required_header.name, null) != null

  # Of this account and region a secret is named without the six characters that Secrets Manager adds to its ARN.
  secrets = {
    for variable, place in var.container.secrets : variable => (
      startswith(place, "secretsmanager:")
      ? join("", ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:", join(":", split("#", trimprefix(place, "secretsmanager:"))), strcontains(place, "#") ? "::" : ""])
      : place
    )
  }

  # Only what is said, in ECS's own order: it gives back what it was given, and defaults would be a difference.
  container = merge(
    {
      name      = "application"
      image     = var.container.image
      essential = true
      secrets   = [for name, place in local.secrets : { name = name, valueFrom = place }]
      ulimits   = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]

      linuxParameters = { initProcessEnabled = true }
    },
    length(var.container.labels) == 0 ? {} : { dockerLabels = var.container.labels },
  )

  log = {
    awslogs-region  = local.region
    mode            = "non-blocking" # a request never waits for a log
    max-buffer-size = "4m"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338: what an application prints is looked for within weeks; log_retention_days keeps it longer where rules ask for it.
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = var.name }
}

resource "aws_ecs_task_definition" "this" {
  #checkov:skip=CKV_AWS_336: of an image that is not known here it is not known where it writes; a task's disk goes with it.
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.tasks.cpu
  memory                   = var.tasks.memory_mib
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.tasks.architecture)
  }

  container_definitions = jsonencode([
    for each in concat(
      [merge(
        local.container,
        local.after_migration,
        {
          environment  = [for name, value in var.container.environment : { name = name, value = value }]
          portMappings = [{ containerPort = var.tasks.port, hostPort = var.tasks.port, protocol = "tcp" }]
        },
        var.container.entry_point == null ? {} : { entryPoint = var.container.entry_point },
        var.container.command == null ? {} : { command = var.container.command },
      )],
      local.before,
      local.agent,
    ) :
    merge(each, { logConfiguration = { logDriver = "awslogs", options = merge(local.log, { awslogs-group = aws_cloudwatch_log_group.this.name, awslogs-stream-prefix = each.name }) } })
  ])

  dynamic "volume" {
    for_each = var.migration[*]

    content {
      name = "once"
    }
  }

  tags = { Name = var.name }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = var.tasks.cluster_arn
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = var.tasks.desired

  health_check_grace_period_seconds = var.tasks.grace_seconds
  availability_zone_rebalancing     = "ENABLED"
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"

  # New tasks serve before old ones go; a release whose tasks do not become healthy is taken back by itself, and the
  # run that brought it fails.
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

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "application"
    container_port   = var.tasks.port
  }

  tags = { Name = var.name }

  lifecycle {
    ignore_changes = [desired_count] # the scaling policy's business
  }

  # A task needs its permissions and ways in place to start, and who forwards to it to be found healthy.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.named,
    aws_iam_role_policy.task,
    aws_lb_listener.this,
    aws_lb_listener_rule.with_header,
    aws_vpc_security_group_egress_rule.load_balancer_to_tasks,
    aws_vpc_security_group_egress_rule.tasks_https,
    aws_vpc_security_group_ingress_rule.tasks_from_load_balancer,
  ]
}

resource "aws_appautoscaling_target" "tasks" {
  service_namespace  = "ecs"
  resource_id        = "service/${split("/", var.tasks.cluster_arn)[1]}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max

  tags = { Name = var.name }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.tasks.service_namespace
  resource_id        = aws_appautoscaling_target.tasks.resource_id
  scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.tasks.cpu_target_percent
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
