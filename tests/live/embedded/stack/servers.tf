data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "server" {
  name               = "${var.name}-server"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy_attachment" "server" {
  for_each = toset(["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"])

  role       = aws_iam_role.server.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "server" {
  name = "${var.name}-server"
  role = aws_iam_role.server.name
}

resource "aws_ssm_parameter" "agent" {
  name  = "/${var.name}/agent"
  type  = "String"
  value = jsonencode({ metrics = { append_dimensions = { AutoScalingGroupName = "$${aws:AutoScalingGroupName}" } } })
}

resource "aws_launch_template" "server" {
  name                   = "${var.name}-server"
  image_id               = data.aws_ssm_parameter.image.insecure_value
  instance_type          = "t4g.small"
  update_default_version = true
  ebs_optimized          = true
  user_data              = base64encode("#!/bin/sh\necho proof\n")

  network_interfaces {
    associate_public_ip_address = false
    delete_on_termination       = true
    security_groups             = [aws_security_group.web.id]
  }

  iam_instance_profile {
    arn = aws_iam_instance_profile.server.arn
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 20
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
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

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = { Name = "${var.name}-server" }
    }
  }
}

locals {
  # Two groups whose policies share their names, as two tiers made by one module do.
  groups = {
    web         = { subnets = aws_subnet.public[*].id, capacity = 3 }
    application = { subnets = aws_subnet.private[*].id, capacity = 2 }
  }
}

resource "aws_autoscaling_group" "server" {
  for_each = local.groups

  name                      = "${var.name}-${each.key}"
  vpc_zone_identifier       = each.value.subnets
  min_size                  = 2
  max_size                  = 6
  desired_capacity          = each.value.capacity
  health_check_type         = "ELB"
  health_check_grace_period = 120
  default_instance_warmup   = 90
  target_group_arns         = [aws_lb_target_group.server[each.key].arn]
  metrics_granularity       = "1Minute"
  enabled_metrics           = ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupTotalInstances"]

  launch_template {
    id      = aws_launch_template.server.id
    version = aws_launch_template.server.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 90
    }
  }

  tag {
    key                 = "tier"
    value               = each.key
    propagate_at_launch = true
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_autoscaling_policy" "cpu" {
  for_each = local.groups

  name                      = "cpu"
  autoscaling_group_name    = aws_autoscaling_group.server[each.key].name
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = 90

  target_tracking_configuration {
    target_value = each.key == "web" ? 50 : 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_autoscaling_policy" "requests" {
  for_each = local.groups

  name                   = "requests"
  autoscaling_group_name = aws_autoscaling_group.server[each.key].name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 1000

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.server[each.key].arn_suffix}/${aws_lb_target_group.server[each.key].arn_suffix}"
    }
  }
}

resource "aws_lb" "server" {
  for_each = local.groups

  name                       = "${var.name}-${each.key}"
  load_balancer_type         = "application"
  internal                   = each.key != "web"
  subnets                    = each.value.subnets
  security_groups            = [aws_security_group.balancer.id]
  drop_invalid_header_fields = true
  idle_timeout               = 30

  access_logs {
    bucket  = aws_s3_bucket.site.id
    prefix  = each.key
    enabled = true
  }
}

resource "aws_lb_target_group" "server" {
  for_each = local.groups

  name                          = "${var.name}-${each.key}"
  vpc_id                        = aws_vpc.this.id
  port                          = 80
  protocol                      = "HTTP"
  target_type                   = "instance"
  deregistration_delay          = 30
  slow_start                    = 30
  load_balancing_algorithm_type = "round_robin"

  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "server" {
  for_each = local.groups

  load_balancer_arn = aws_lb.server[each.key].arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.server[each.key].arn
  }
}
