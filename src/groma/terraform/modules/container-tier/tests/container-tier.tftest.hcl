mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-3b927c52" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/chirp-web/50dc6c495c0c9188" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/chirp-web/73e2d6bc24d8a067" }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/chirp-web/50dc6c495c0c9188/f2f7dc8efc522ab2" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-web" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/chirp-web" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:us-east-1:111122223333:task-definition/chirp-web:1" }
  }
}

variables {
  name   = "chirp-web"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
  load_balancer = {
    internal   = false
    subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
  }
  ingress = { cloudfront = true }
  tasks = {
    cluster_arn        = "arn:aws:ecs:us-east-1:111122223333:cluster/chirp"
    subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
    cpu                = 512
    memory_mib         = 1024
    architecture       = "arm64"
    min                = 2
    desired            = 4
    max                = 8
    cpu_target_percent = 55
  }
  container = {
    image       = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4"
    environment = { LOG_LEVEL = "info" }
    secrets = {
      DATABASE_URL = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf:url::"
      STRIPE_KEY   = "secretsmanager:shop/stripe#live"
      PLAIN        = "secretsmanager:shop/plain"
      LICENCE      = "/shop/licence"
    }
  }
  writes      = { media = "arn:aws:s3:::chirp-site-111122223333/media/*" }
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

run "runs_the_image_in_a_step_of_fargate" {
  command = apply

  assert {
    condition = (
      aws_ecs_task_definition.this.cpu == "512" && aws_ecs_task_definition.this.memory == "1024" &&
      aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64" && aws_ecs_task_definition.this.network_mode == "awsvpc"
    )
    error_message = "A task must have the CPU, memory and architecture asked for."
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].image == var.container.image &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment == [{ name = "LOG_LEVEL", value = "info" }] &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options.awslogs-group == "/ecs/chirp-web"
    )
    error_message = "The container must run the image, with its environment and its log group."
  }

  assert {
    condition = {
      for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret.name => secret.valueFrom
      } == {
      DATABASE_URL = var.container.secrets.DATABASE_URL
      STRIPE_KEY   = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/stripe:live::"
      PLAIN        = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/plain"
      LICENCE      = "/shop/licence"
    }
    error_message = "Secrets must be told by where they lie, as ECS reads it."
  }
}

run "brings_a_release_in_without_loss" {
  command = apply

  assert {
    condition = (
      aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200 &&
      aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback &&
      aws_ecs_service.this.wait_for_steady_state
    )
    error_message = "New tasks must serve before old ones go, and a release that fails must be taken back."
  }

  assert {
    condition     = aws_ecs_service.this.health_check_grace_period_seconds == 120 && aws_ecs_service.this.launch_type == "FARGATE" && !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "Tasks run on Fargate, without a public address, and with time to start."
  }
}

run "scales_on_cpu" {
  command = apply

  assert {
    condition = (
      aws_appautoscaling_target.tasks.min_capacity == 2 && aws_appautoscaling_target.tasks.max_capacity == 8 &&
      aws_appautoscaling_target.tasks.resource_id == "service/chirp/chirp-web" && aws_ecs_service.this.desired_count == 4
    )
    error_message = "The service must have the sizes asked for."
  }

  assert {
    condition = (
      aws_appautoscaling_policy.cpu.target_tracking_scaling_policy_configuration[0].target_value == 55 &&
      aws_appautoscaling_policy.cpu.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == "ECSServiceAverageCPUUtilization"
    )
    error_message = "The service must be held at the CPU use asked for."
  }
}

run "holds_permissions_to_what_is_needed" {
  command = apply

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid => statement.Resource } == {
      Logs              = "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/chirp-web:*"
      SignsInToRegistry = "*"
      PullsImage        = "arn:aws:ecr:us-east-1:111122223333:repository/shop/web"
      ReadsSecrets = [
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/plain-??????",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/stripe-??????",
      ]
      ReadsParameters = ["arn:aws:ssm:us-east-1:111122223333:parameter/shop/licence"]
      DecryptsSecrets = var.kms_key_arn
    }
    error_message = "What starts a task must be allowed exactly what was named."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.task[0].policy).Statement : [statement.Action, statement.Resource]] == [
      [["s3:PutObject"], var.writes.media]
    ]
    error_message = "The application must be allowed to put what was named, and nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.task.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "Only tasks of this account may take the role."
  }
}

run "works_off_queues_beside_the_application" {
  command = apply

  variables {
    workers = {
      mail = {
        command     = ["python", "worker.py"]
        environment = { QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111122223333/chirp-mail" }
        count       = 2
        cpu         = 256
        memory_mib  = 512
      }
    }
    policies = {
      queue-mail = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:ReceiveMessage\",\"Resource\":\"arn:aws:sqs:us-east-1:111122223333:chirp-mail\"}]}"
    }
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.worker["mail"].container_definitions)[0].command == ["python", "worker.py"] &&
      jsondecode(aws_ecs_task_definition.worker["mail"].container_definitions)[0].image == var.container.image &&
      jsondecode(aws_ecs_task_definition.worker["mail"].container_definitions)[0].secrets == jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets &&
      tomap({ for told in jsondecode(aws_ecs_task_definition.worker["mail"].container_definitions)[0].environment : told.name => told.value }) == merge(var.container.environment, var.workers.mail.environment) &&
      jsondecode(aws_ecs_task_definition.worker["mail"].container_definitions)[0].logConfiguration.options.awslogs-group == "/ecs/chirp-web-mail"
    )
    error_message = "A worker must run its command in the application's image, told the same and where its queue is."
  }

  assert {
    condition = (
      aws_ecs_service.worker["mail"].desired_count == 2 && length(aws_ecs_service.worker["mail"].load_balancer) == 0 &&
      aws_ecs_service.worker["mail"].network_configuration[0].security_groups == toset([aws_security_group.tasks.id]) &&
      aws_ecs_task_definition.worker["mail"].cpu == "256" && aws_ecs_task_definition.worker["mail"].task_role_arn == aws_iam_role.task.arn
    )
    error_message = "As many workers as asked for must run, behind no load balancer, with the application's ways and rights."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : length(statement.Resource) if statement.Sid == "LogsOfWorkers"] == [1]
    error_message = "What starts a worker must be allowed to write its log."
  }

  assert {
    condition     = aws_iam_role_policy.named["queue-mail"].role == aws_iam_role.task.id && tomap(output.worker_service_names) == tomap({ mail = "chirp-web-mail" })
    error_message = "Policies must be those of the tasks' role, and names of services be given out."
  }
}

run "defines_what_is_run_at_times" {
  command = apply

  variables {
    runs = {
      nightly = { command = ["python", "clean.py"], environment = { DATABASE_POOL = "2" }, cpu = 256, memory_mib = 512 }
    }
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.run["nightly"].container_definitions)[0].command == ["python", "clean.py"] &&
      jsondecode(aws_ecs_task_definition.run["nightly"].container_definitions)[0].image == var.container.image &&
      jsondecode(aws_ecs_task_definition.run["nightly"].container_definitions)[0].secrets == jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets &&
      tomap({ for told in jsondecode(aws_ecs_task_definition.run["nightly"].container_definitions)[0].environment : told.name => told.value }) == merge(var.container.environment, var.runs.nightly.environment) &&
      jsondecode(aws_ecs_task_definition.run["nightly"].container_definitions)[0].logConfiguration.options.awslogs-group == "/ecs/chirp-web-run-nightly"
    )
    error_message = "It must run its command in the application's image, told the same and what is its own."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : length(statement.Resource) if statement.Sid == "LogsOfRuns"] == [1] && keys(output.run_task_definition_arns) == ["nightly"] && length(output.role_arns) == 2
    error_message = "What starts it must be allowed to write its log; the definition and both roles must be given out."
  }
}

run "migrates_once_before_it_serves" {
  command = apply

  variables {
    container = { image = "acme/shop:1.4", environment = { LOG_LEVEL = "info" } }
    migration = {
      command      = ["python", "manage.py", "migrate"]
      database_url = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf:url::"
    }
    workers = { mail = { command = ["python", "worker.py"], count = 2, cpu = 256, memory_mib = 512 } }
  }

  assert {
    condition = alltrue([
      for definition in [aws_ecs_task_definition.this, aws_ecs_task_definition.worker["mail"]] : (
        [for each in jsondecode(definition.container_definitions) : [each.name, each.essential]] == [["application", true], ["once", true], ["migration", false]] &&
        jsondecode(definition.container_definitions)[0].dependsOn == [{ condition = "HEALTHY", containerName = "once" }] &&
        jsondecode(definition.container_definitions)[2].dependsOn == [{ condition = "START", containerName = "once" }] &&
        [for each in definition.volume : each.name] == ["once"]
      )
    ])
    error_message = "The application and its workers must wait until a container that ends its task when it fails is healthy."
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.this.container_definitions)[2].command == ["python", "manage.py", "migrate"] &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[2].image == "acme/shop:1.4" &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[2].environment == [{ name = "LOG_LEVEL", value = "info" }] &&
      startswith(jsondecode(aws_ecs_task_definition.this.container_definitions)[1].environment[0].value, "migrate acme/shop:1.4 ") &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[1].secrets == [{ name = "DATABASE_URL", valueFrom = var.migration.database_url }]
    )
    error_message = "The command must run in the application's image, told the same, under a lock whose key is the release."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource if statement.Sid == "ReadsSecrets"] == [
      ["arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf"]
    ]
    error_message = "What starts a task must be allowed to read where the database is."
  }
}

run "needs_nothing_for_an_image_that_anybody_may_pull" {
  command = apply

  variables {
    container = { image = "public.ecr.aws/nginx/nginx:1.28" }
    writes    = {}
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["Logs"] && length(aws_iam_role_policy.task) == 0
    error_message = "Without names there must be no permission but to write logs."
  }
}

run "starts_with_a_command_and_labels" {
  command = apply

  variables {
    container = {
      image       = "nginx:1.28"
      entry_point = ["/bin/sh", "-c"]
      command     = ["exec nginx"]
      labels      = { connection = "7" }
    }
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].entryPoint == ["/bin/sh", "-c"] &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command == ["exec nginx"] &&
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].dockerLabels == { connection = "7" }
    )
    error_message = "Entry point, command and labels must be the container's."
  }
}

run "serves_over_a_checked_target_group" {
  command = apply

  assert {
    condition = (
      aws_lb_target_group.this.target_type == "ip" && aws_lb_target_group.this.health_check[0].path == "/healthz" &&
      aws_lb_target_group.this.load_balancing_algorithm_type == "weighted_random" && aws_lb_target_group.this.load_balancing_anomaly_mitigation == "on"
    )
    error_message = "Tasks must be checked, by their addresses, and one that fails fast must not draw more requests."
  }

  assert {
    condition     = !aws_lb.this.internal && aws_lb.this.drop_invalid_header_fields && aws_lb.this.enable_deletion_protection
    error_message = "The load balancer must be public, drop invalid headers and be protected."
  }

  assert {
    condition     = output.service_name == "chirp-web" && output.log_group_name == "/ecs/chirp-web" && output.role_name == "chirp-web-us-east-1"
    error_message = "The tier's names must be given out."
  }
}

run "lets_in_cloudfront_only" {
  command = apply

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer_from_cloudfront[0].prefix_list_id == "pl-3b927c52" &&
      length(aws_vpc_security_group_ingress_rule.load_balancer_from_group) == 0 &&
      aws_vpc_security_group_ingress_rule.tasks_from_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id &&
      aws_vpc_security_group_ingress_rule.tasks_from_load_balancer.from_port == 8080
    )
    error_message = "CloudFront alone must reach the load balancer, and that alone the tasks."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.tasks_https.from_port == 443 && aws_vpc_security_group_egress_rule.tasks_https.to_port == 443
    error_message = "By themselves tasks may go out over HTTPS only."
  }
}

run "opens_both_ends_to_a_named_group" {
  command = apply

  variables {
    name          = "chirp-app"
    load_balancer = { internal = true, subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"], port = 8000 }
    ingress       = { security_group_ids = { web = "sg-0123456789abcdef0" } }
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer_from_group["web"].referenced_security_group_id == "sg-0123456789abcdef0" &&
      aws_vpc_security_group_egress_rule.group_to_load_balancer["web"].security_group_id == "sg-0123456789abcdef0"
    )
    error_message = "The group named must be let in, and out to the load balancer."
  }
}

run "asks_for_the_header_of_one_distribution" {
  command = apply

  variables {
    required_header = { name = "X-Origin-Key", value = sensitive("7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33") }
    ingress         = { cloudfront = true, health_checkers = true, health_checkers_path = "/up" }
  }

  assert {
    condition     = aws_lb_listener.this.default_action[0].type == "fixed-response" && length(aws_lb_listener_rule.with_header) == 1
    error_message = "Whoever lacks the header must be refused."
  }

  assert {
    condition = [
      for condition in aws_lb_listener_rule.health_checks[0].condition : condition.path_pattern[0].values
    ] == [toset(["/up"])] && length(aws_lb.this.security_groups) == 2
    error_message = "Route 53 must still learn whether tasks are healthy."
  }
}

run "speaks_https_with_a_certificate" {
  command = apply

  variables {
    load_balancer = {
      internal        = false
      subnet_ids      = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      port            = 443
      certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
    }
  }

  assert {
    condition     = aws_lb_listener.this.protocol == "HTTPS" && aws_lb_listener.this.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "The listener must speak HTTPS, TLS 1.2 or later."
  }
}

run "rejects_a_step_that_fargate_lacks" {
  command = plan

  variables {
    tasks = {
      cluster_arn        = "arn:aws:ecs:us-east-1:111122223333:cluster/chirp"
      subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa"]
      cpu                = 256
      memory_mib         = 4096
      architecture       = "arm64"
      min                = 1
      desired            = 1
      max                = 2
      cpu_target_percent = 55
    }
  }

  expect_failures = [var.tasks]
}

run "rejects_an_image_without_a_release" {
  command = plan

  variables {
    container = { image = "acme/shop" }
  }

  expect_failures = [var.container]
}

run "takes_traces_beside_the_application" {
  command = plan

  variables {
    agent   = {}
    workers = { mail = { command = ["python", "worker.py"], count = 1, cpu = 256, memory_mib = 512 } }
    runs    = { report = { command = ["python", "report.py"], cpu = 256, memory_mib = 512 } }
  }

  assert {
    condition = alltrue([
      for definition in [aws_ecs_task_definition.this, aws_ecs_task_definition.worker["mail"], aws_ecs_task_definition.run["report"]] : (
        [for each in jsondecode(definition.container_definitions) : [each.name, each.essential]] == [["application", true], ["agent", false]] &&
        jsondecode(jsondecode(definition.container_definitions)[1].environment[0].value) == { traces = { traces_collected = { otlp = {}, xray = {} } } } &&
        jsondecode(definition.container_definitions)[1].memoryReservation == 128
      )
    ])
    error_message = "In each task an agent must take traces of both kinds, and end nothing when it ends."
  }
}

run "rejects_an_agent_of_any_version" {
  command = plan

  variables {
    agent = { image = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent" }
  }

  expect_failures = [var.agent]
}

run "rejects_an_agent_that_takes_the_whole_task" {
  command = plan

  variables {
    agent   = { memory_mib = 512 }
    workers = { mail = { command = ["python", "worker.py"], count = 1, cpu = 256, memory_mib = 512 } }
  }

  expect_failures = [var.agent]
}

run "rejects_a_migration_of_nothing" {
  command = plan

  variables {
    migration = { command = [], database_url = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp/connection-AbCdEf:url::" }
  }

  expect_failures = [var.migration]
}

run "rejects_a_url_in_the_place_of_a_secret" {
  command = plan

  variables {
    migration = { command = ["migrate"], database_url = "postgresql://user:password@database/chirp" }
  }

  expect_failures = [var.migration]
}

run "rejects_a_worker_without_tasks" {
  command = plan

  variables {
    workers = { mail = { command = ["python", "worker.py"], count = 0, cpu = 256, memory_mib = 512 } }
  }

  expect_failures = [var.workers]
}

run "rejects_a_worker_of_no_step" {
  command = plan

  variables {
    workers = { mail = { command = ["python", "worker.py"], count = 1, cpu = 256, memory_mib = 4096 } }
  }

  expect_failures = [var.workers]
}

run "rejects_a_run_of_no_step" {
  command = plan

  variables {
    runs = { nightly = { command = [], cpu = 256, memory_mib = 4096 } }
  }

  expect_failures = [var.runs]
}

run "rejects_a_policy_that_is_none" {
  command = plan

  variables {
    policies = { queue = "sqs:*" }
  }

  expect_failures = [var.policies]
}

run "rejects_the_value_of_a_secret" {
  command = plan

  variables {
    container = { image = "acme/shop:1.4", secrets = { STRIPE_KEY = "sk_live_0123456789" } }
  }

  expect_failures = [var.container]
}

run "rejects_writing_a_whole_bucket" {
  command = plan

  variables {
    writes = { media = "arn:aws:s3:::chirp-site-111122223333/*" }
  }

  expect_failures = [var.writes]
}

run "rejects_a_retention_that_logs_do_not_have" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}
