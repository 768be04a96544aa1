data "aws_region" "current" {}

# Neither an auto-scaling group nor what it launches takes the provider's default tags, so they are passed on.
data "aws_default_tags" "current" {}

# The newest Amazon Linux 2023 when the tier is made, and from then on the same: a newer one is no drift, and rolls the
# servers only when somebody asks for it, by `groma up --new-image`, or
# -replace of terraform_data.image.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.servers.architecture}"
}

resource "terraform_data" "image" {
  input = coalesce(var.servers.image_id, data.aws_ssm_parameter.image.insecure_value)

  # Of a tier of the other architecture, or of another image of one's own, there is nothing to keep.
  triggers_replace = concat([var.servers.architecture], var.servers.image_id[*])

  lifecycle {
    ignore_changes = [input]
  }
}

locals {
  server_tags = merge(data.aws_default_tags.current.tags, { Name = var.name })
  protocol    = var.load_balancer.certificate_arn == null ? "HTTP" : "HTTPS"

  # Asked of the name, which is no secret: nothing may be counted by what is one.
  asks_for_header = try(var.required_header.name, null) != null

  # What serves as Spot, the type of the others first; none without Spot.
  spot_types = var.servers.spot == null ? [] : concat([var.servers.instance_type], var.servers.spot.other_types)
}

resource "aws_launch_template" "this" {
  #checkov:skip=CKV_AWS_88: servers.public_ip is false unless asked for, and only the load balancer's security group reaches a server; in a public subnet the address is the way out.
  name                   = var.name
  image_id               = terraform_data.image.output
  instance_type          = var.servers.instance_type
  user_data              = base64encode(var.user_data)
  update_default_version = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  # Stated, since an account can have another default: alarms and bill count on a machine that is charged for what it
  # spends beyond its credits, rather than slowed.
  dynamic "credit_specification" {
    for_each = can(regex("^t[0-9]", var.servers.instance_type)) ? ["unlimited"] : []

    content {
      cpu_credits = credit_specification.value
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  network_interfaces {
    associate_public_ip_address = var.servers.public_ip
    delete_on_termination       = true
    security_groups             = [aws_security_group.servers.id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = var.servers.root_volume_gib
      volume_type           = "gp3"
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = local.server_tags
    }
  }

  tags = { Name = var.name }
}

resource "aws_autoscaling_group" "this" {
  name                      = var.name
  vpc_zone_identifier       = var.servers.subnet_ids
  target_group_arns         = [aws_lb_target_group.this.arn]
  min_size                  = var.servers.min
  desired_capacity          = var.servers.desired
  max_size                  = var.servers.max
  min_elb_capacity          = var.servers.min # creation ends when so many servers answer their health check
  health_check_type         = "ELB"
  health_check_grace_period = var.servers.grace_seconds
  default_instance_warmup   = var.servers.warmup_seconds
  capacity_rebalance        = var.servers.spot == null ? null : true # a new one before AWS takes an old one back

  enabled_metrics = [
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
  ]

  dynamic "launch_template" {
    for_each = var.servers.spot == null ? [aws_launch_template.this] : []

    content {
      id      = launch_template.value.id
      version = launch_template.value.latest_version
    }
  }

  # The least number on demand, of the type itself; all beyond as Spot, from the pools that are least likely to be
  # taken back, and of these the cheapest.
  dynamic "mixed_instances_policy" {
    for_each = var.servers.spot == null ? [] : [aws_launch_template.this]

    content {
      instances_distribution {
        on_demand_allocation_strategy            = "prioritized"
        on_demand_base_capacity                  = var.servers.min
        on_demand_percentage_above_base_capacity = 0
        spot_allocation_strategy                 = "price-capacity-optimized"
      }

      launch_template {
        launch_template_specification {
          launch_template_id = mixed_instances_policy.value.id
          version            = mixed_instances_policy.value.latest_version
        }

        dynamic "override" {
          for_each = local.spot_types

          content {
            instance_type = override.value
          }
        }
      }
    }
  }

  # A change of the launch template replaces the servers, each new one serving before an old one goes.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 150
      auto_rollback          = true
    }
  }

  dynamic "tag" {
    for_each = local.server_tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false # the launch template tags what it launches
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity] # the scaling policy's business
  }

  # A server needs its permissions and ways in place to boot, and who forwards to it to be found healthy.
  depends_on = [
    aws_iam_role_policy.agents,
    aws_iam_role_policy.application,
    aws_iam_role_policy.extra,
    aws_lb_listener.this,
    aws_lb_listener_rule.with_header,
    aws_vpc_security_group_egress_rule.load_balancer_to_servers,
    aws_vpc_security_group_egress_rule.servers_https,
    aws_vpc_security_group_ingress_rule.servers_from_load_balancer,
  ]
}

resource "aws_autoscaling_policy" "cpu" {
  name                   = "${var.name}-cpu"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.servers.cpu_target_percent

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
